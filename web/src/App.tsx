import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense, useEffect, useState } from 'react'
import { withWords } from './i18n/i18n.ts'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'
import { watchTips } from './ui/tips.ts'
import { useToasts } from './ui/toast.ts'

const Toaster = lazy(async () => ({ default: (await withWords(import('./ui/Toaster.tsx'))).Toaster }))

/** Loaded with the first one there is. */
function Toasts() {
  const isNeeded = useToasts().length > 0
  const [wasNeeded, setWasNeeded] = useState(false)
  if (isNeeded && !wasNeeded) setWasNeeded(true)
  return <Suspense fallback={null}>{wasNeeded && <Toaster />}</Suspense>
}

export function App() {
  useEffect(() => watchTips(), [])
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </StrictMode>
  )
}
