import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { warrantySourcesQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { WarrantySource } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Settings.module.css'

/** Where the brand's own system is asked for a serial number. */
export function WarrantySourceForm({ brandId }: { readonly brandId: string }) {
  const { data, error } = useQuery(warrantySourcesQuery)
  if (error) return <ErrorNote error={error} />
  if (!data) return null
  const source = data.find((one) => one.brandId === brandId) ?? null
  return <Form key={source?.updatedAt ?? 'none'} brandId={brandId} source={source} />
}

function Form({ brandId, source }: { readonly brandId: string; readonly source: WarrantySource | null }) {
  const { t } = useTranslation()
  const [url, setUrl] = useState(source?.url ?? '')
  const [token, setToken] = useState('')
  const path = `/api/brands/${brandId}/warranty-source`
  const saving = useMutation({
    mutationFn: () => request(path, { method: 'PUT', body: { url: url.trim(), ...(token === '' ? {} : { token }) } }),
    onSuccess: () => toast(t('repairs.saved')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.warrantySources }),
  })
  const removing = useMutation({
    mutationFn: () => request(path, { method: 'DELETE' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.warrantySources }),
  })
  const good = /^https:\/\/.+\{serial\}/u.test(url.trim())
  return (
    <section className={styles.card} aria-label={t('repairs.system')}>
      <h2 className={styles.cardName}>{t('repairs.system')}</h2>
      <p className={styles.faint}>{t('repairs.systemHelp')}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (good) saving.mutate()
        }}
      >
        <TextField
          label={t('repairs.url')}
          value={url}
          onChange={setUrl}
          placeholder="https://…/{serial}"
          error={url.trim() !== '' && !good ? t('repairs.badUrl') : null}
          maxLength={2000}
        />
        <TextField
          label={t('repairs.token')}
          type="password"
          autoComplete="off"
          value={token}
          onChange={setToken}
          help={t(source?.hasToken ? 'repairs.tokenSet' : 'repairs.tokenHelp')}
          maxLength={2000}
        />
        {saving.isError && <ErrorNote error={saving.error} />}
        {removing.isError && <ErrorNote error={removing.error} />}
        <div className={styles.variables}>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!good}>
            {t('common.save')}
          </Button>
          {source && (
            <Button icon="trash" busy={removing.isPending} onClick={() => removing.mutate()}>
              {t('repairs.remove')}
            </Button>
          )}
        </div>
      </form>
    </section>
  )
}
