import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { allColleaguesQuery, brandsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { NewTeam, Team } from '../api/wire.ts'
import { languageName } from '../mentions/language-name.ts'
import { readMs, writeMs } from '../promises/hours.ts'
import { queryClient } from '../query-client.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { TextField } from '../ui/TextField.tsx'
import { CheckGroup } from './CheckGroup.tsx'
import { languages } from './languages.ts'
import styles from './Settings.module.css'

/** Null: a new one. */
export function TeamDialog({ team, onClose }: { readonly team: Team | null; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: colleagues = [] } = useQuery(allColleaguesQuery)
  const seesAll = me.brandIds === null
  const [name, setName] = useState(team?.name ?? '')
  const [every, setEvery] = useState(team ? team.brandIds === null : seesAll)
  const [chosenBrands, setBrands] = useState<readonly string[]>(team?.brandIds ?? me.brandIds ?? [])
  const [speaks, setSpeaks] = useState<readonly string[]>(team?.languages ?? [])
  const [autoAssign, setAuto] = useState(team?.autoAssign ?? false)
  const [takesNew, setTakesNew] = useState(team?.takesNew ?? false)
  const [returnHours, setReturn] = useState(team?.returnAfterMs ? writeMs(team.returnAfterMs) : '')
  const badReturn = returnHours.trim() !== '' && readMs(returnHours) === null
  const [members, setMembers] = useState<readonly string[]>(team?.members.map(({ id }) => id) ?? [])
  const saving = useMutation({
    mutationFn: () => {
      const body: NewTeam = {
        name: name.trim(),
        brandIds: every ? null : [...chosenBrands],
        languages: [...speaks],
        autoAssign,
        takesNew,
        returnAfterMs: readMs(returnHours),
        memberIds: [...members],
      }
      return team
        ? request<Team>(`/api/teams/${team.id}`, { method: 'PUT', body })
        : request<Team>('/api/teams', { method: 'POST', body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.teams })
      onClose()
    },
  })
  const complete = name.trim() !== '' && !badReturn && (every || chosenBrands.length > 0)
  // Somebody who was disabled since is still in it, until they are taken out.
  const people = [
    ...colleagues,
    ...(team?.members ?? []).filter(({ id }) => !colleagues.some((colleague) => colleague.id === id)),
  ]
  return (
    <Dialog open onClose={onClose} title={t(team ? 'teams.editTitle' : 'teams.add')} wide>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <TextField label={t('teams.name')} value={name} onChange={setName} required maxLength={60} />
        {seesAll && (
          <div className={styles.setting}>
            <div className={styles.label}>{t('teams.brands')}</div>
            <Segments<'all' | 'some'>
              label={t('teams.brands')}
              value={every ? 'all' : 'some'}
              onChange={(which) => setEvery(which === 'all')}
              choices={[
                { value: 'all', label: t('teams.everyBrand') },
                { value: 'some', label: t('teams.someBrands') },
              ]}
            />
          </div>
        )}
        {!every && (
          <CheckGroup
            label={t('teams.brands')}
            choices={brands.map(({ id, name: label }) => ({ value: id, label }))}
            chosen={chosenBrands}
            onChange={setBrands}
          />
        )}
        <CheckGroup
          label={t('teams.members')}
          choices={people.map(({ id, name: label }) => ({ value: id, label }))}
          chosen={members}
          onChange={setMembers}
        />
        <CheckGroup
          label={t('teams.languages')}
          help={t('teams.languagesHelp')}
          choices={languages.map((value) => ({ value, label: languageName(value, i18n.language, t) }))}
          chosen={speaks}
          onChange={setSpeaks}
        />
        <fieldset>
          <legend className={styles.label}>{t('teams.assignment')}</legend>
          <CheckRow checked={autoAssign} onChange={setAuto}>
            {t('teams.autoAssign')}
          </CheckRow>
          <p className={styles.faint}>{t('teams.autoAssignHelp')}</p>
          <CheckRow checked={takesNew} onChange={setTakesNew}>
            {t('teams.takesNew')}
          </CheckRow>
        </fieldset>
        <TextField
          label={t('teams.returnAfter')}
          help={t('teams.returnAfterHelp')}
          value={returnHours}
          onChange={setReturn}
          inputMode="decimal"
          placeholder={t('teams.never')}
          error={badReturn ? t('promise.badHours') : null}
        />
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
