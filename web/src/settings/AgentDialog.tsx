import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { channelsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Agent } from '../api/wire.ts'
import { languageName } from '../mentions/language-name.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextField } from '../ui/TextField.tsx'
import { CheckGroup } from './CheckGroup.tsx'
import { languages } from './languages.ts'
import styles from './Settings.module.css'

/** What a colleague can take. */
export function AgentDialog({ agent, onClose }: { readonly agent: Agent; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { data: channels = [] } = useQuery(channelsQuery)
  const [speaks, setSpeaks] = useState<readonly string[]>(agent.languages)
  const [of, setOf] = useState<readonly string[]>(agent.channels ?? [])
  const [capacity, setCapacity] = useState(agent.capacity === null ? '' : String(agent.capacity))
  const isRight = capacity.trim() === '' || /^\d{1,3}$/u.test(capacity.trim())
  const saving = useMutation({
    mutationFn: () =>
      request<Agent>(`/api/agents/${agent.id}`, {
        method: 'PUT',
        body: {
          languages: [...speaks],
          channels: of.length > 0 ? [...of] : null,
          capacity: capacity.trim() === '' ? null : Number(capacity),
        },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.agents })
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('agent.editTitle', { name: agent.name })} wide>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isRight) saving.mutate()
        }}
      >
        <TextField
          label={t('agent.capacity')}
          help={t('agent.capacityHelp')}
          value={capacity}
          onChange={setCapacity}
          inputMode="numeric"
          placeholder={t('agent.noLimit')}
          error={isRight ? null : t('agent.badCapacity')}
        />
        <CheckGroup
          label={t('teams.languages')}
          help={t('agent.languagesHelp')}
          choices={languages.map((value) => ({ value, label: languageName(value, i18n.language, t) }))}
          chosen={speaks}
          onChange={setSpeaks}
        />
        <CheckGroup
          label={t('filter.channel')}
          help={t('agent.channelsHelp')}
          choices={channels.map(({ channel, title }) => ({
            value: channel,
            label: i18n.language === 'en' ? title.en : title.zh,
          }))}
          chosen={of}
          onChange={setOf}
        />
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!isRight}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
