import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { brandsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { NewOtherParty, OtherParty } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import settings from '../settings/Settings.module.css'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { otherPartiesQuery } from './api.ts'

const every = 'all'
const kinds = ['carrier', 'shop', 'brand', 'other'] as const
const readAgain = () => queryClient.invalidateQueries({ queryKey: otherPartiesQuery.queryKey })

/** Those whose a case can be, and what their customers are told. */
export function OtherPartiesPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(otherPartiesQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [edited, setEdited] = useState<OtherParty | 'new' | null>(null)
  const [leaving, setLeaving] = useState<OtherParty | null>(null)
  const removing = useMutation({
    mutationFn: ({ id }: OtherParty) => request(`/api/other-parties/${id}`, { method: 'DELETE' }),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: readAgain,
  })
  const add = (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('notOurs.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.notOurs')} intro={t('notOurs.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="globe" title={t('notOurs.empty')} action={add}>
          {t('notOurs.emptyHelp')}
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className={settings.cards}>
          {data.map((party) => (
            <li key={party.id} className={settings.card}>
              <div className={settings.cardTop}>
                <h2 className={settings.cardName}>
                  <bdi>{party.name}</bdi> <small>{t(`notOurs.kind.${party.kind}`)}</small>
                </h2>
                {party.brandId && <Pill>{brands.find(({ id }) => id === party.brandId)?.name ?? ''}</Pill>}
                <Button
                  small
                  icon="edit"
                  onClick={() => setEdited(party)}
                  aria-label={`${t('common.edit')} ${party.name}`}
                >
                  {t('common.edit')}
                </Button>
                <Button
                  small
                  icon="trash"
                  onClick={() => setLeaving(party)}
                  aria-label={`${t('common.delete')} ${party.name}`}
                >
                  {t('common.delete')}
                </Button>
              </div>
              <p className={settings.words} lang="zh-CN">
                {party.zh}
              </p>
              <p className={settings.words} lang="en">
                {party.en}
              </p>
            </li>
          ))}
        </ul>
      )}
      {edited && <PartyDialog party={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('notOurs.deleteTitle', { name: leaving?.name ?? '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && removing.mutate(leaving)}
      >
        {t('notOurs.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}

function PartyDialog({ party, onClose }: { readonly party: OtherParty | null; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { data: brands = [] } = useQuery(brandsQuery)
  const [kind, setKind] = useState<OtherParty['kind']>(party?.kind ?? 'carrier')
  const [name, setName] = useState(party?.name ?? '')
  const [texts, setTexts] = useState({ zh: party?.zh ?? '', en: party?.en ?? '' })
  const [brandId, setBrandId] = useState(party?.brandId ?? every)
  const saving = useMutation({
    mutationFn: () => {
      const body: NewOtherParty = { kind, name: name.trim(), ...texts, brandId: brandId === every ? null : brandId }
      return party
        ? request(`/api/other-parties/${party.id}`, { method: 'PUT', body })
        : request('/api/other-parties', { method: 'POST', body })
    },
    onSuccess: async () => {
      await readAgain()
      onClose()
    },
  })
  const complete = [name, texts.zh, texts.en].every((text) => text.trim() !== '')
  return (
    <Dialog open onClose={onClose} title={t(party ? 'notOurs.edit' : 'notOurs.add')} wide>
      <form
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <div className={settings.pair}>
          <TextField label={t('notOurs.name')} value={name} onChange={setName} required maxLength={100} />
          <Field label={t('notOurs.kindLabel')}>
            {({ id }) => (
              <Select
                id={id}
                value={kind}
                onChange={setKind}
                choices={kinds.map((value) => ({ value, label: t(`notOurs.kind.${value}`) }))}
              />
            )}
          </Field>
          <Field label={t('quick.brand')}>
            {({ id }) => (
              <Select
                id={id}
                value={brandId}
                onChange={setBrandId}
                choices={[
                  { value: every, label: t('quick.allBrands') },
                  ...brands.map((brand) => ({ value: brand.id, label: brand.name })),
                ]}
              />
            )}
          </Field>
        </div>
        {(['zh', 'en'] as const).map((language) => (
          <TextArea
            key={language}
            label={t(`automatic.${language}`)}
            help={language === 'zh' ? t('notOurs.wordsHelp') : null}
            value={texts[language]}
            onChange={(text) => setTexts({ ...texts, [language]: text })}
            maxLength={2000}
            lang={language === 'zh' ? 'zh-CN' : 'en'}
          />
        ))}
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!complete}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
