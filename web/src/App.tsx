import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense, useState } from 'react'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'
import { TooltipProvider } from './ui/Tooltip.tsx'
import { useToasts } from './ui/toast.ts'

const Toaster = lazy(async () => ({ default: (await import('./ui/Toaster.tsx')).Toaster }))

/** Loaded with the first one there is. */
function Toasts() {
  const isNeeded = useToasts().length > 0
  const [wasNeeded, setWasNeeded] = useState(false)
  if (isNeeded && !wasNeeded) setWasNeeded(true)
  return <Suspense fallback={null}>{wasNeeded && <Toaster />}</Suspense>
}

export function App() {
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider delayDuration={500}>
          <RouterProvider router={router} />
          <Toasts />
        </TooltipProvider>
      </QueryClientProvider>
    </StrictMode>
  )
}
