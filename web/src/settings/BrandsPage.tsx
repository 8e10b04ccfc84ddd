import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandOverviewQuery, usersQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { BrandOverview } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { BrandMembers } from './BrandMembers.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

type Shown =
  | { readonly what: 'rename' | 'members' | 'archive'; readonly brand: BrandOverview }
  | { readonly what: 'new' }

const refresh = () => {
  queryClient.invalidateQueries({ queryKey: keys.brands })
  queryClient.invalidateQueries({ queryKey: keys.users })
}

/** Brands, what stands in each, and who sees it. */
export function BrandsPage() {
  const { t } = useTranslation()
  const { data: brands, error, refetch } = useQuery(brandOverviewQuery)
  const [shown, setShown] = useState<Shown | null>(null)
  const close = () => setShown(null)
  const changing = useMutation({
    mutationFn: ({ id, ...body }: { id: string; name?: string; archived?: boolean }) =>
      request(`/api/brands/${id}`, { method: 'PATCH', body }),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: refresh,
  })
  const archive = (brand: BrandOverview) =>
    changing.mutate(
      { id: brand.id, archived: true },
      {
        onSuccess: () =>
          toast(t('brands.archived', { name: brand.name }), {
            action: { label: t('brands.restore'), run: () => changing.mutate({ id: brand.id, archived: false }) },
          }),
      },
    )
  return (
    <SettingsPage
      title={t('settings.brands')}
      intro={t('brands.intro')}
      action={
        <Button look="primary" icon="plus" onClick={() => setShown({ what: 'new' })}>
          {t('brands.add')}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!brands && !error && <Spinner label={t('common.loading')} />}
      <ul className={styles.cards}>
        {brands?.map((brand) => (
          <li key={brand.id}>
            <BrandCard
              brand={brand}
              isLast={brands.filter(({ archived }) => !archived).length === 1}
              onShow={(what) => setShown({ what, brand })}
              onRestore={() => changing.mutate({ id: brand.id, archived: false })}
            />
          </li>
        ))}
      </ul>
      {shown?.what === 'new' && <NameDialog brand={null} onClose={close} />}
      {shown?.what === 'rename' && <NameDialog brand={shown.brand} onClose={close} />}
      {shown?.what === 'members' && <BrandMembers brand={shown.brand} onClose={close} onDone={refresh} />}
      {shown?.what === 'archive' && (
        <Confirm
          open
          onClose={close}
          title={t('brands.archiveTitle', { name: shown.brand.name })}
          action={t('brands.archive')}
          onConfirm={() => archive(shown.brand)}
        >
          {t('brands.archiveBody')}
        </Confirm>
      )}
    </SettingsPage>
  )
}

function BrandCard({
  brand,
  isLast,
  onShow,
  onRestore,
}: {
  readonly brand: BrandOverview
  readonly isLast: boolean
  readonly onShow: (what: 'rename' | 'members' | 'archive') => void
  readonly onRestore: () => void
}) {
  const { t, i18n } = useTranslation()
  const { data: users = [] } = useQuery(usersQuery)
  const { name, archived, accounts, open, userIds } = brand
  const names = users.filter(({ id }) => userIds.includes(id)).map((user) => user.name)
  const why = accounts > 0 || open > 0 ? t('brands.notEmpty') : isLast ? t('problem.last_brand') : null
  return (
    <article className={styles.card} aria-label={name}>
      <div className={styles.cardTop}>
        <h2 className={styles.cardName}>
          <bdi>{name}</bdi>
        </h2>
        {archived && <Pill icon="lock">{t('brands.isArchived')}</Pill>}
        {!archived && (
          <Button small icon="edit" aria-label={t('brands.renameOf', { name })} onClick={() => onShow('rename')}>
            {t('users.rename')}
          </Button>
        )}
        {!archived && (
          <Button small icon="people" aria-label={t('brands.membersOf', { name })} onClick={() => onShow('members')}>
            {t('brands.members')}
          </Button>
        )}
        {archived ? (
          <Button small icon="undo" aria-label={t('brands.restoreOf', { name })} onClick={onRestore}>
            {t('brands.restore')}
          </Button>
        ) : (
          <Button
            small
            icon="lock"
            aria-label={t('brands.archiveOf', { name })}
            aria-disabled={why !== null}
            {...(why ? { title: why } : {})}
            onClick={() => onShow('archive')}
          >
            {t('brands.archive')}
          </Button>
        )}
      </div>
      <p className={styles.faint}>
        {t('brands.accounts', { count: accounts })} · {t('brands.open', { count: open })}
      </p>
      <p className={styles.faint}>
        {names.length === 0
          ? t('brands.nobody')
          : t('brands.seenBy', { names: names.join(i18n.language === 'en' ? ', ' : '、') })}
      </p>
    </article>
  )
}

function NameDialog({ brand, onClose }: { readonly brand: BrandOverview | null; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(brand?.name ?? '')
  const saving = useMutation({
    mutationFn: () =>
      request(brand ? `/api/brands/${brand.id}` : '/api/brands', {
        method: brand ? 'PATCH' : 'POST',
        body: { name: name.trim() },
      }),
    onSuccess: onClose,
    onSettled: refresh,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={brand ? t('brands.renameOf', { name: brand.name }) : t('brands.add')}
      {...(brand ? {} : { description: t('brands.addHelp') })}
    >
      <form className={styles.form} onSubmit={submit}>
        <TextField label={t('brands.name')} value={name} onChange={setName} required maxLength={100} />
        {saving.error && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
