export { QuickAdd } from './quick-add';
