import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mention } from '../api/wire.ts'
import { MessageText } from '../thread/MessageText.tsx'
import { Button } from '../ui/Button.tsx'
import { piecesOf } from './excerpt.ts'
import styles from './Mentions.module.css'

/** A person's words as text nodes, with what was looked for marked; a long text around the first hit. */
export function MentionText({ mention }: { readonly mention: Mention }) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  const { text } = mention.message
  const { pieces, isCut } = piecesOf(text, mention.hits, whole)
  let at = 0
  return (
    <>
      {mention.hits.length === 0 && !isCut ? (
        <MessageText text={text} />
      ) : (
        <p className={styles.text} dir="auto">
          {pieces.map((piece) => {
            const key = at
            at += piece.text.length
            return piece.isHit ? <mark key={key}>{piece.text}</mark> : <span key={key}>{piece.text}</span>
          })}
        </p>
      )}
      {(isCut || whole) && (
        <Button small look="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {t(whole ? 'mentions.showLess' : 'mentions.showAll')}
        </Button>
      )}
    </>
  )
}
