import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { questionQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { TicketDetail } from '../api/wire.ts'
import { changeDraft, draftOf } from '../composer/draft-store.ts'
import { focusComposer } from '../composer/focus.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { toast } from '../ui/toast.ts'
import styles from './PreparedQuestion.module.css'

/** What a rule would ask the customer, ready to be put into the reply; nothing is sent by itself. */
export function PreparedQuestion({ ticket }: { readonly ticket: TicketDetail }) {
  const { t, i18n } = useTranslation()
  const { data: question } = useQuery(questionQuery(ticket.id))
  const finishing = useMutation({
    mutationFn: () => request(`/api/tickets/${ticket.id}/question`, { method: 'DELETE' }),
    onMutate: () => queryClient.setQueryData(questionQuery(ticket.id).queryKey, null),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.question(ticket.id) }),
  })
  if (!question) return null
  const texts = [
    { lang: 'zh-CN', text: question.zh },
    { lang: 'en', text: question.en },
  ].filter(({ text }) => text !== '')
  const use = (text: string) => {
    const { reply } = draftOf(ticket.id)
    changeDraft(ticket.id, { mode: 'reply', reply: reply.trim() === '' ? text : `${reply.trimEnd()}\n\n${text}` })
    finishing.mutate()
    focusComposer()
  }
  return (
    <section className={styles.question} aria-label={t('rules.question.title')}>
      <p className={styles.title}>
        <Icon name="quick" size={16} />
        {t('rules.question.title')}
        <small>{t('rules.question.by', { rule: i18n.language === 'en' ? question.rule.en : question.rule.zh })}</small>
      </p>
      {texts.map(({ lang, text }) => (
        <div key={lang} className={styles.text}>
          <p lang={lang}>{text}</p>
          <Button small icon="reply" onClick={() => use(text)}>
            {t(lang === 'en' ? 'rules.question.useEn' : 'rules.question.useZh')}
          </Button>
        </div>
      ))}
      <Button small look="quiet" icon="close" onClick={() => finishing.mutate()} busy={finishing.isPending}>
        {t('rules.question.dismiss')}
      </Button>
    </section>
  )
}
