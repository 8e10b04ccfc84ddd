import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { categoriesQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Category, CategoryPatch } from '../api/wire.ts'
import { figure } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { levelOf, nameIn } from '../ticket/category-name.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Categories.module.css'
import { CategoryDialog } from './CategoryDialog.tsx'
import { SettingsPage } from './SettingsPage.tsx'

export function CategoriesPage() {
  const { t, i18n } = useTranslation()
  const { data: all, error, refetch } = useQuery(categoriesQuery)
  const [edited, setEdited] = useState<Category | 'new' | null>(null)
  const [archived, setArchived] = useState(false)
  const changing = useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: CategoryPatch }) =>
      request<{ categories: Category[] }>(`/api/categories/${encodeURIComponent(id)}`, {
        method: 'PATCH',
        body: patch,
      }),
    onSuccess: ({ categories }) => queryClient.setQueryData(keys.categories, categories),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
  })
  const shown = all?.filter((one) => archived || !one.archived) ?? []
  const hidden = all?.some((one) => one.archived) ?? false
  const change = (category: Category, patch: CategoryPatch) => changing.mutate({ id: category.id, patch })
  const archive = (category: Category) => {
    change(category, { archived: true })
    toast(t('category.archivedNow', { name: nameIn(category, i18n.language) }), {
      action: { label: t('category.undo'), run: () => change(category, { archived: false }) },
    })
  }
  return (
    <SettingsPage
      title={t('settings.categories')}
      intro={t('category.intro')}
      action={
        <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
          {t('category.add')}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!all && !error && <Spinner label={t('common.loading')} />}
      {hidden && (
        <CheckRow checked={archived} onChange={setArchived}>
          {t('category.showArchived')}
        </CheckRow>
      )}
      {all && (
        <ul className={styles.tree}>
          {shown.map((one) => {
            const name = nameIn(one, i18n.language)
            const neighbours = all.filter(({ parentId }) => parentId === one.parentId)
            const place = neighbours.indexOf(one)
            return (
              <li
                key={one.id}
                className={styles.row}
                data-level={levelOf(all, one)}
                data-archived={one.archived || undefined}
              >
                <span className={styles.name}>
                  <bdi>{name}</bdi>
                  <small lang={i18n.language === 'en' ? 'zh-CN' : 'en'}>
                    {i18n.language === 'en' ? one.zh : one.en}
                  </small>
                  {one.archived && <Pill>{t('category.archived')}</Pill>}
                </span>
                <span className={styles.count}>
                  {t('category.tickets', {
                    count: one.tickets ?? 0,
                    figure: `${figure(one.tickets ?? 0, i18n.language)}${one.tickets === 1000 ? '+' : ''}`,
                  })}
                </span>
                <span className={styles.acts}>
                  <IconButton
                    small
                    icon="up"
                    label={t('category.up', { name })}
                    aria-disabled={place === 0}
                    onClick={() => place > 0 && change(one, { position: place - 1 })}
                  />
                  <IconButton
                    small
                    icon="down"
                    label={t('category.down', { name })}
                    aria-disabled={place === neighbours.length - 1}
                    onClick={() => place < neighbours.length - 1 && change(one, { position: place + 1 })}
                  />
                  <IconButton
                    small
                    icon="edit"
                    label={t('category.editLabel', { name })}
                    onClick={() => setEdited(one)}
                  />
                  {one.archived ? (
                    <IconButton
                      small
                      icon="undo"
                      label={t('category.restore', { name })}
                      onClick={() => change(one, { archived: false })}
                    />
                  ) : (
                    <IconButton
                      small
                      icon="archive"
                      label={t('category.archive', { name })}
                      onClick={() => archive(one)}
                    />
                  )}
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {edited && all && (
        <CategoryDialog category={edited === 'new' ? null : edited} all={all} onClose={() => setEdited(null)} />
      )}
    </SettingsPage>
  )
}
