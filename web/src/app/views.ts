import {
    CalendarDays,
    ChartColumn,
    CircleCheckBig,
    Columns3,
    Inbox,
    Search,
    Settings,
    Star,
    Telescope,
    Trash2,
    type LucideIcon,
} from 'lucide-react';

export type ViewName =
    'today' | 'upcoming' | 'calendar' | 'board' | 'all' | 'done' | 'search' | 'stats' | 'trash' | 'settings';
/** Where one can go. */
export const views: { name: ViewName; icon: LucideIcon }[] = [
    { name: 'today', icon: Star },
    { name: 'upcoming', icon: Telescope },
    { name: 'calendar', icon: CalendarDays },
    { name: 'board', icon: Columns3 },
    { name: 'all', icon: Inbox },
    { name: 'done', icon: CircleCheckBig },
    { name: 'search', icon: Search },
    { name: 'stats', icon: ChartColumn },
    { name: 'trash', icon: Trash2 },
    { name: 'settings', icon: Settings },
];
