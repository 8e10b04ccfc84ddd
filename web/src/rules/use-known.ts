import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { allColleaguesQuery, categoriesQuery, channelsQuery, teamsQuery } from '../api/queries.ts'

/** What rules name: categories, people, teams and channels. */
export function useKnown() {
  const { i18n } = useTranslation()
  const { data: categories = [] } = useQuery(categoriesQuery)
  const { data: people = [] } = useQuery(allColleaguesQuery)
  const { data: teams = [] } = useQuery(teamsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  return { categories, people, teams, channels, language: i18n.language }
}
