/** The rules every installation has, in their order; switched off until somebody switches them on. */
import { faults } from './faults.ts'
import { pressure } from './pressure.ts'
import { lost, question, requests } from './requests.ts'
import type { ShippedRule } from './rule.ts'
import { safety } from './safety.ts'

const [warranty, price, service, usage] = requests as [ShippedRule, ShippedRule, ShippedRule, ShippedRule]

export const shippedRules: readonly ShippedRule[] = [
  ...safety,
  ...pressure,
  lost,
  warranty,
  price,
  ...faults,
  service,
  usage,
  question,
]
