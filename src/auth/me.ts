import type { Me } from '../wire.ts'
import type { Actor } from './actor.ts'

export const meOf = ({ kind, id, name, email, role, brandIds }: Actor): Me => ({
  kind: kind === 'user' ? 'user' : 'key',
  id,
  name,
  email,
  role,
  brandIds: brandIds && [...brandIds],
})
