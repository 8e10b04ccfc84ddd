import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { brandsQuery } from '../api/queries.ts'
import type { Brand, Conduct, ConductPatch } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import settings from '../settings/Settings.module.css'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { changeConduct, conductQuery } from './api.ts'
import styles from './Together.module.css'

export function ConductPage() {
  const { t } = useTranslation()
  const { data: brands, error, refetch } = useQuery(brandsQuery)
  return (
    <SettingsPage title={t('conduct.title')} intro={t('conduct.intro')}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!brands && !error && <Spinner label={t('common.loading')} />}
      {brands?.map((brand) => (
        <OfBrand key={brand.id} brand={brand} />
      ))}
    </SettingsPage>
  )
}

function OfBrand({ brand }: { readonly brand: Brand }) {
  const { data } = useQuery(conductQuery(brand.id))
  return (
    <section aria-label={brand.name} className={styles.cards}>
      <h2 className={settings.heading}>{brand.name}</h2>
      {data && <Rules brandId={brand.id} conduct={data} />}
    </section>
  )
}

function Rules({ brandId, conduct }: { readonly brandId: string; readonly conduct: Conduct }) {
  const { t } = useTranslation()
  const [minutes, setMinutes] = useState(String(Math.round(conduct.approveWithinMs / 60_000)))
  const changing = useMutation({
    mutationFn: (patch: ConductPatch) => changeConduct(brandId, patch),
    onSuccess: () => toast(t('common.saved')),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
  })
  const within = /^\d{1,5}$/u.test(minutes) ? Number(minutes) * 60_000 : null
  const isGood = within !== null && within >= 60_000 && within <= 30 * 86_400_000
  return (
    <div className={settings.rows}>
      <Rule
        title={t('conduct.approve')}
        help={t('conduct.approveHelp')}
        checked={conduct.approvePublic}
        onChange={(approvePublic) => changing.mutate({ approvePublic })}
      />
      {conduct.approvePublic && (
        <form
          className={settings.setting}
          onSubmit={(event) => {
            event.preventDefault()
            if (isGood) changing.mutate({ approveWithinMs: within })
          }}
        >
          <div>
            <TextField
              label={t('conduct.within')}
              help={t('conduct.withinHelp')}
              inputMode="numeric"
              value={minutes}
              onChange={setMinutes}
              error={isGood ? null : t('accounts.invalidNumber')}
            />
          </div>
          <Button small type="submit" disabled={!isGood || within === conduct.approveWithinMs}>
            {t('common.save')}
          </Button>
        </form>
      )}
      <Rule
        title={t('conduct.result')}
        help={t('conduct.resultHelp')}
        checked={conduct.resultNeeded}
        onChange={(resultNeeded) => changing.mutate({ resultNeeded })}
      />
    </div>
  )
}

interface RuleProps {
  readonly title: string
  readonly help: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function Rule({ title, help, checked, onChange }: RuleProps) {
  const id = useId()
  return (
    <div className={settings.setting}>
      <div>
        <label htmlFor={id} className={settings.label}>
          {title}
        </label>
        <p className={settings.faint} id={`${id}-help`}>
          {help}
        </p>
      </div>
      <Switch id={id} checked={checked} onChange={onChange} describedBy={`${id}-help`} />
    </div>
  )
}
