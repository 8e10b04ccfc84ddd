import { expect, test } from 'vitest'
import { groupsFor, pagesFor, settingsGroups } from './pages.ts'

test('nobody sees a heading with nothing under it, or a page they may not open', () => {
  const shown = (role: 'administrator' | 'supervisor' | 'agent') => groupsFor({ role }).map(({ title }) => title)
  expect(shown('administrator')).toEqual(settingsGroups.map(({ title }) => title))
  expect(shown('agent')).toEqual([
    'settings.groups.team',
    'settings.groups.tickets',
    'settings.groups.words',
    'settings.groups.mine',
  ])
  const open = (role: 'supervisor' | 'agent') => pagesFor({ role }).map(({ to }) => to)
  expect(open('supervisor')).toEqual(expect.arrayContaining(['/settings/accounts', '/settings/rules']))
  expect(open('agent')).toEqual([
    '/settings/teams',
    '/settings/macros',
    '/settings/quick-replies',
    '/settings/preferences',
  ])
})

test('every page stands under one heading', () => {
  const all = settingsGroups.flatMap(({ pages }) => pages.map(({ to }) => to))
  expect(new Set(all).size).toBe(all.length)
})
