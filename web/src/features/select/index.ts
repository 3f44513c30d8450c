export { openFirst, usePagedGroups } from './paged-groups';
export { TaskList, type TaskGroup } from './task-list';
