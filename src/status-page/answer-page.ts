/** The page behind a signed link: one question, answered without signing in. */
import { desc, eq } from 'drizzle-orm'
import type { Language } from '../automatic/texts.ts'
import { answers, type QuestionKind, questions, tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { type Html, html } from './html.ts'
import { words } from './words.ts'

export interface ShownQuestion {
  readonly kind: QuestionKind
  readonly number: number
  /** As this one was answered last: what was said to an earlier one is not chosen beforehand. */
  readonly value: number | null
}

export async function readQuestion({ db }: Pick<Deps, 'db'>, id: string): Promise<ShownQuestion | null> {
  const [row] = await db
    .select({ kind: questions.kind, number: tickets.number, value: answers.value })
    .from(questions)
    .innerJoin(tickets, eq(tickets.id, questions.ticketId))
    .leftJoin(answers, eq(answers.questionId, questions.id))
    .where(eq(questions.id, id))
    .orderBy(desc(answers.at), desc(answers.id))
    .limit(1)
  return row ?? null
}

export function answerBody(language: Language, question: ShownQuestion | null, token: string): Html {
  const t = words[language]
  if (!question) return html`<h1>${t.gone}</h1><p class="lead">${t.goneHelp}</p>`
  const { kind, number, value } = question
  const choices =
    kind === 'solved'
      ? [
          { value: 1, label: t.yes },
          { value: 0, label: t.no },
        ]
      : [1, 2, 3, 4, 5].map((score) => ({ value: score, label: t.star(score) }))
  return html`<form class="card" method="post" action="/status/answer/${token}?lang=${language}">
<fieldset>
<legend><h1>${kind === 'solved' ? t.askSolved(number) : t.askRating(number)}</h1></legend>
${kind === 'satisfaction' ? html`<p class="help">${t.ratingHelp}</p>` : null}
<div class="scores">${choices.map(
    (choice) =>
      html`<label><input type="radio" name="value" value="${choice.value}" required${choice.value === value ? html` checked` : null}>${choice.label}</label>`,
  )}</div>
</fieldset>
<label for="comment">${t.comment}</label>
<textarea id="comment" name="comment" maxlength="2000"></textarea>
<p class="row"><button type="submit">${t.send}</button></p>
</form>`
}

export function answeredBody(language: Language, done: string, token: string): Html {
  const t = words[language]
  const said = done === 'reopened' ? t.reopened : done === 'closed' ? t.wasClosed : t.thanks
  return html`<h1>${t.send}</h1><p class="note" role="status">${said}</p>
<p><a href="/status/answer/${token}?lang=${language}">${t.changeAnswer}</a></p>`
}
