import type { TicketDetail } from '../api/wire.ts'
import panels from '../composer/Panels.module.css'
import { ApprovalCard } from './ApprovalCard.tsx'

/** Public replies of this ticket that wait, and one's own that came back. */
export function ApprovalList({ ticket }: { readonly ticket: TicketDetail }) {
  const { approvals } = ticket.together
  if (approvals.length === 0) return null
  return (
    <ul className={panels.scheduled}>
      {approvals.map((approval) => (
        <li key={approval.id}>
          <ApprovalCard approval={approval} seenVersion={ticket.version} />
        </li>
      ))}
    </ul>
  )
}
