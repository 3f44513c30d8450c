import type { ReactNode } from 'react';
import type { Tag } from '../../domain/types';

export function TagChip({ tag, children }: { tag: Pick<Tag, 'name' | 'color'>; children?: ReactNode }) {
    return (
        <span className="tag-chip">
            <span className="dot" style={{ background: tag.color }} />
            {tag.name}
            {children}
        </span>
    );
}
