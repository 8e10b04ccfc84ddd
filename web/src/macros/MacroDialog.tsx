import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { allColleaguesQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { Brand, Macro, MacroActs, NewMacro, Priority, Status } from '../api/wire.ts'
import { priorities, statuses } from '../inbox/views.ts'
import { queryClient } from '../query-client.ts'
import { unknownVariable } from '../quick/fill.ts'
import styles from '../settings/Settings.module.css'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'

const keep = 'keep'
const nobody = 'nobody'
const everyBrand = 'all'
const hourMs = 3_600_000
/** Hours a macro may snooze for. */
const spans = ['1', '4', '24', '72', '168'] as const

const tagsOf = (text: string) =>
  [
    ...new Set(
      text
        .split(/[,，、]/u)
        .map((tag) => tag.trim().slice(0, 50))
        .filter(Boolean),
    ),
  ].slice(0, 30)

export function MacroDialog({
  macro,
  brands,
  onClose,
}: {
  readonly macro: Macro | null
  readonly brands: readonly Brand[]
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const me = useMe()
  const { data: colleagues = [] } = useQuery(allColleaguesQuery)
  const seesAll = me.brandIds === null
  const acts = macro?.acts
  const [name, setName] = useState(macro?.name ?? '')
  const [status, setStatus] = useState<Status | typeof keep>(acts?.status ?? keep)
  const [priority, setPriority] = useState<Priority | typeof keep>(acts?.priority ?? keep)
  const [assignee, setAssignee] = useState(acts?.assignee === null ? nobody : (acts?.assignee ?? keep))
  const [addTags, setAddTags] = useState((acts?.addTags ?? []).join(', '))
  const [removeTags, setRemoveTags] = useState((acts?.removeTags ?? []).join(', '))
  const [hours, setHours] = useState<string>(acts?.snoozeForMs ? String(acts.snoozeForMs / hourMs) : keep)
  const [note, setNote] = useState(acts?.note ?? '')
  const [reply, setReply] = useState(acts?.reply ?? '')
  const [shared, setShared] = useState(macro?.shared ?? false)
  const [brandId, setBrandId] = useState(macro?.brandId ?? (seesAll ? everyBrand : (brands[0]?.id ?? everyBrand)))
  const wanted: MacroActs = {
    ...(status === keep ? {} : { status }),
    ...(priority === keep ? {} : { priority }),
    ...(assignee === keep ? {} : { assignee: assignee === nobody ? null : assignee }),
    ...(tagsOf(addTags).length > 0 ? { addTags: tagsOf(addTags) } : {}),
    ...(tagsOf(removeTags).length > 0 ? { removeTags: tagsOf(removeTags) } : {}),
    ...(hours === keep ? {} : { snoozeForMs: Number(hours) * hourMs }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(reply.trim() === '' ? {} : { reply: reply.trim() }),
  }
  const unknown = unknownVariable(reply)
  const complete = name.trim() !== '' && Object.keys(wanted).length > 0 && unknown === null
  const saving = useMutation({
    mutationFn: () => {
      const body: NewMacro = {
        name: name.trim(),
        acts: wanted,
        shared,
        brandId: shared && brandId !== everyBrand ? brandId : null,
      }
      return macro
        ? request<Macro>(`/api/macros/${macro.id}`, { method: 'PUT', body })
        : request<Macro>('/api/macros', { method: 'POST', body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.macros })
      onClose()
    },
  })
  const same = { value: keep, label: t('macro.keep') }
  const offered = hours !== keep && !(spans as readonly string[]).includes(hours) ? [hours, ...spans] : spans
  return (
    <Dialog open onClose={onClose} title={t(macro ? 'macro.editTitle' : 'macro.add')} wide>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <TextField label={t('macro.name')} value={name} onChange={setName} required maxLength={100} />
        <div className={styles.pair}>
          <Field label={t('filter.status')}>
            {({ id }) => (
              <Select<Status | typeof keep>
                id={id}
                value={status}
                onChange={setStatus}
                choices={[
                  same as { value: typeof keep; label: string },
                  ...statuses.map((value) => ({ value, label: t(`status.${value}`) })),
                ]}
              />
            )}
          </Field>
          <Field label={t('filter.priority')}>
            {({ id }) => (
              <Select<Priority | typeof keep>
                id={id}
                value={priority}
                onChange={setPriority}
                choices={[
                  same as { value: typeof keep; label: string },
                  ...priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
                ]}
              />
            )}
          </Field>
          <Field label={t('ticket.assignee')}>
            {({ id }) => (
              <Select
                id={id}
                value={assignee}
                onChange={setAssignee}
                choices={[
                  same,
                  { value: 'me', label: t('macro.whoRuns') },
                  { value: nobody, label: t('ticket.nobody') },
                  ...colleagues.map((one) => ({ value: one.id, label: one.name })),
                ]}
              />
            )}
          </Field>
          <Field label={t('ticket.snooze')}>
            {({ id }) => (
              <Select
                id={id}
                value={hours}
                onChange={setHours}
                choices={[
                  { value: keep, label: t('macro.noSnooze') },
                  ...offered.map((value) => ({ value, label: t('macro.hours', { count: Number(value) }) })),
                ]}
              />
            )}
          </Field>
          <TextField label={t('macro.addTags')} help={t('macro.tagsHelp')} value={addTags} onChange={setAddTags} />
          <TextField label={t('macro.removeTags')} value={removeTags} onChange={setRemoveTags} />
        </div>
        <TextArea
          label={t('macro.reply')}
          help={t('macro.replyHelp')}
          value={reply}
          onChange={setReply}
          maxLength={4000}
          error={unknown === null ? null : t('quick.unknownVariable', { name: unknown })}
        />
        <TextArea label={t('macro.note')} value={note} onChange={setNote} maxLength={4000} />
        {me.role !== 'agent' && (
          <div className={styles.pair}>
            <div className={styles.setting}>
              <div className={styles.label}>{t('quick.who')}</div>
              <Segments<'me' | 'all'>
                label={t('quick.who')}
                value={shared ? 'all' : 'me'}
                onChange={(who) => setShared(who === 'all')}
                choices={[
                  { value: 'me', label: t('quick.onlyMe') },
                  { value: 'all', label: t('quick.everybody') },
                ]}
              />
            </div>
            {shared && (
              <Field label={t('quick.brand')}>
                {({ id }) => (
                  <Select
                    id={id}
                    value={brandId}
                    onChange={setBrandId}
                    choices={[
                      ...(seesAll ? [{ value: everyBrand, label: t('quick.allBrands') }] : []),
                      ...brands.map(({ id: value, name: label }) => ({ value, label })),
                    ]}
                  />
                )}
              </Field>
            )}
          </div>
        )}
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
