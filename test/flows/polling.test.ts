import { describe } from 'vitest'
import { provePaths } from './paths.ts'

describe('by polling', () => void provePaths('polling'))
