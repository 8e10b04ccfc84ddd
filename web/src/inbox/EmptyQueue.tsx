import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import buttons from '../ui/Button.module.css'
import { Empty } from '../ui/Empty.tsx'
import { hasFilters, type InboxSearch, type ViewName, viewIcons } from './views.ts'

/** Nothing in the list: because nothing was found, because nothing is connected, or because all is done. */
export function EmptyQueue({ view, search }: { readonly view: ViewName; readonly search: InboxSearch }) {
  const { t } = useTranslation()
  const administrator = isAdministrator(useMe())
  const { data: accounts } = useQuery(accountsQuery)
  if (hasFilters(search)) {
    return (
      <Empty
        icon="search"
        title={t('queue.empty.found.title')}
        action={
          <Link to="/inbox/$view" params={{ view }} search={{}} className={`${buttons.button} ${buttons.plain}`}>
            {t('filter.clear')}
          </Link>
        }
      >
        {t('queue.empty.found.help')}
      </Empty>
    )
  }
  if (accounts?.length === 0) {
    const kind = administrator ? 'noAccount' : 'noAccountAgent'
    return (
      <Empty
        icon="plug"
        title={t(`queue.empty.${kind}.title`)}
        action={
          administrator && (
            <Link to="/settings/accounts" className={`${buttons.button} ${buttons.primary}`}>
              {t('queue.connect')}
            </Link>
          )
        }
      >
        {t(`queue.empty.${kind}.help`)}
      </Empty>
    )
  }
  return (
    <Empty icon={viewIcons[view]} title={t(`queue.empty.${view}.title`)}>
      {t(`queue.empty.${view}.help`)}
    </Empty>
  )
}
