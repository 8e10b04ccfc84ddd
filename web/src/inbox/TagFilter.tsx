import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createComposition } from '../keyboard/composition.ts'
import { TextField } from '../ui/TextField.tsx'

/** A tag as it was written; taken when it is finished, not with every letter. */
export function TagFilter({ tag, onChange }: { readonly tag: string; readonly onChange: (tag: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(tag)
  const [composition] = useState(() => createComposition())
  const take = () => text.trim() !== tag && onChange(text.trim())
  return (
    <TextField
      label={t('filter.tag')}
      help={t('filter.tagHelp')}
      value={text}
      onChange={setText}
      maxLength={50}
      onBlur={take}
      onCompositionStart={() => composition.start()}
      onCompositionEnd={() => composition.end()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !composition.owns(event.nativeEvent)) take()
      }}
    />
  )
}
