import { describe } from 'vitest'
import { provePaths } from './paths.ts'

describe('by webhook', () => void provePaths('webhook'))
