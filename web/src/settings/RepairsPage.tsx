import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { postFile } from '../api/post-file.ts'
import { brandsQuery } from '../api/queries.ts'
import type { RepairImported, RepairPreview } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'
import { WarrantySourceForm } from './WarrantySourceForm.tsx'

export function RepairsPage() {
  const { t } = useTranslation()
  const { data: brands = [] } = useQuery(brandsQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const brandId = chosen ?? brands[0]?.id ?? null
  return (
    <SettingsPage title={t('settings.repairs')} intro={t('repairs.intro')}>
      {brands.length > 1 && brandId && (
        <Field label={t('filter.brand')}>
          {({ id }) => (
            <Select
              id={id}
              value={brandId}
              onChange={setChosen}
              choices={brands.map(({ id: value, name: label }) => ({ value, label }))}
            />
          )}
        </Field>
      )}
      {brandId && <Import key={`file ${brandId}`} brandId={brandId} />}
      {brandId && <WarrantySourceForm key={`source ${brandId}`} brandId={brandId} />}
    </SettingsPage>
  )
}

/** A file is looked at first; nothing comes in before somebody says so. */
function Import({ brandId }: { readonly brandId: string }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const looking = useMutation({
    mutationFn: (chosen: File) => postFile<RepairPreview>(`/api/brands/${brandId}/repairs/preview`, chosen),
  })
  const bringing = useMutation({
    mutationFn: (chosen: File) => postFile<RepairImported>(`/api/brands/${brandId}/repairs`, chosen),
    onSuccess: () => {
      setFile(null)
      looking.reset()
    },
  })
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    setFile(chosen)
    bringing.reset()
    looking.mutate(chosen)
  }
  const preview = looking.data
  return (
    <section className={styles.card} aria-label={t('repairs.file')}>
      <h2 className={styles.cardName}>{t('repairs.file')}</h2>
      <p className={styles.faint}>{t('repairs.fileHelp')}</p>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt"
        hidden
        aria-label={t('repairs.choose')}
        onChange={(event) => {
          choose(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <div>
        <Button icon="upload" busy={looking.isPending} onClick={() => input.current?.click()}>
          {t('repairs.choose')}
        </Button>
      </div>
      {looking.isError && <ErrorNote error={looking.error} />}
      {bringing.isError && <ErrorNote error={bringing.error} />}
      {bringing.data && <p role="status">{t('repairs.done', { ...bringing.data })}</p>}
      {preview && file && (
        <div className={styles.form} role="status">
          <p>
            <bdi>{file.name}</bdi>:{' '}
            {preview.missing.length > 0
              ? t('repairs.noSerial')
              : t('repairs.sum', { good: preview.good, known: preview.known, bad: preview.bad })}
          </p>
          {preview.problems.length > 0 && (
            <ul className={styles.refused}>
              {preview.problems.map(({ line, field, code, value }) => (
                <li key={`${line} ${field}`}>
                  {t('repairs.line', { line })}: {t(`repairs.problem.${code as 'bad_date'}`)} <bdi>{value}</bdi>
                </li>
              ))}
            </ul>
          )}
          {preview.missing.length === 0 && preview.good > 0 && (
            <div>
              <Button look="primary" busy={bringing.isPending} onClick={() => bringing.mutate(file)}>
                {t('repairs.bring', { count: preview.good })}
              </Button>
            </div>
          )}
        </div>
      )}
    </section>
  )
}
