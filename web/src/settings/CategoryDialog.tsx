import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Category } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { categoryName } from '../ticket/category-name.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Settings.module.css'

const top = 'top'

interface CategoryDialogProps {
  /** Null: a new one. */
  readonly category: Category | null
  readonly all: readonly Category[]
  readonly onClose: () => void
}

export function CategoryDialog({ category, all, onClose }: CategoryDialogProps) {
  const { t, i18n } = useTranslation()
  const [en, setEn] = useState(category?.en ?? '')
  const [zh, setZh] = useState(category?.zh ?? '')
  const [parentId, setParentId] = useState(category?.parentId ?? top)
  const saving = useMutation({
    mutationFn: () => {
      const parent = parentId === top ? null : parentId
      const body = { en: en.trim(), zh: zh.trim() }
      return category
        ? request<{ categories: Category[] }>(`/api/categories/${encodeURIComponent(category.id)}`, {
            method: 'PATCH',
            body: { ...body, ...(parent === category.parentId ? {} : { parentId: parent }) },
          })
        : request<{ categories: Category[] }>('/api/categories', {
            method: 'POST',
            body: { ...body, parentId: parent },
          })
    },
    onSuccess: ({ categories }) => {
      queryClient.setQueryData(keys.categories, categories)
      onClose()
    },
  })
  const complete = en.trim() !== '' && zh.trim() !== ''
  const parents = all.filter((one) => !one.archived && (!category || !isBelow(all, one, category.id)))
  return (
    <Dialog open onClose={onClose} title={t(category ? 'category.edit' : 'category.add')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <TextField label={t('category.zh')} value={zh} onChange={setZh} required maxLength={60} lang="zh-CN" />
        <TextField label={t('category.en')} value={en} onChange={setEn} required maxLength={60} lang="en" />
        <Field label={t('category.parent')}>
          {({ id }) => (
            <Select
              id={id}
              value={parentId}
              onChange={setParentId}
              choices={[
                { value: top, label: t('category.top') },
                ...parents.map((one) => ({ value: one.id, label: categoryName(all, one.id, i18n.language) })),
              ]}
            />
          )}
        </Field>
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

/** Is it that one, or below it? */
function isBelow(all: readonly Category[], one: Category, id: string): boolean {
  if (one.id === id) return true
  const parent = all.find((other) => other.id === one.parentId)
  return parent !== undefined && isBelow(all, parent, id)
}
