export { announceArrival, useArrivals } from './arrivals';
export { CompleteButton } from './complete-button';
export { TaskFacts } from './task-facts';
export { useActions } from './use-actions';
