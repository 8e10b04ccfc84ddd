import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AccountGlance, Brand } from '../api/wire.ts'
import { Segments } from '../ui/Segments.tsx'
import { Select } from '../ui/Select.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './Accounts.module.css'
import { type AccountsSearch, type Standing, standings } from './search.ts'
import { standsAs } from './standing.ts'

const every = 'every'

/** By brand, and by how they stand; each state says how many it has. */
export function AccountFilters({
  search,
  glances,
  brands,
}: {
  readonly search: AccountsSearch
  readonly glances: readonly AccountGlance[]
  readonly brands: readonly Brand[]
}) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const now = useNow(60_000)
  const go = (next: AccountsSearch) => navigate({ to: '/settings/accounts', search: next, replace: true })
  const ofBrand = glances.filter(({ brandId }) => !search.brand || brandId === search.brand)
  return (
    <div className={styles.filters}>
      <Segments<Standing>
        label={t('glance.state')}
        value={search.state ?? 'all'}
        onChange={(state) => {
          const { state: _, ...rest } = search
          go(state === 'all' ? rest : { ...rest, state })
        }}
        choices={standings.map((value) => ({
          value,
          label: (
            <>
              {t(`glance.states.${value}`)}{' '}
              <span className={styles.count}>{ofBrand.filter((one) => standsAs(one, value, now)).length}</span>
            </>
          ),
        }))}
      />
      {brands.length > 1 && (
        <div className={styles.brand}>
          <Select
            label={t('filter.brand')}
            value={search.brand ?? every}
            onChange={(value) => {
              const { brand: _, ...rest } = search
              go(value === every ? rest : { ...rest, brand: value })
            }}
            choices={[
              { value: every, label: t('quick.allBrands') },
              ...brands.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        </div>
      )}
    </div>
  )
}
