import { memo } from 'react'
import { linkify } from './linkify.ts'
import styles from './Message.module.css'

/** A person's words: text nodes and links, never markup. Its own direction, whatever stands around it. */
export const MessageText = memo(function MessageText({ text }: { readonly text: string }) {
  let at = 0
  return (
    <p className={styles.text} dir="auto">
      {linkify(text).map((piece) => {
        const key = at
        at += piece.text.length
        return 'href' in piece ? (
          <a key={key} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          <span key={key}>{piece.text}</span>
        )
      })}
    </p>
  )
})
