// The user's tags: what the page knows of them, and how it changes them.
import { useQuery, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, dataOf } from './server/client';
import { localNameOf, sendOrKeep } from './outbox/outbox';
import { isSameName } from '../domain/names';
import type { NewTask, Tag, TagFields, Task } from '../domain/types';

const queryKey = ['tags'] as const;

export const useTags = () =>
    useQuery({
        queryKey,
        queryFn: async ({ signal }) => {
            const tags: Tag[] = await dataOf(api.GET('/api/tags', { signal }));
            return tags.sort(byName);
        },
    });

const byName = (a: Tag, b: Tag) => a.name.localeCompare(b.name);
const greyOfNew = '#64748B';

/** Tags of a task by their names, as they are shown until the server has made those that are new. */
export function draftTags(client: QueryClient, tags: NonNullable<NewTask['tags']>): Task['tags'] {
    const known = client.getQueryData<Tag[]>(queryKey) ?? [];
    return tags.map((tag) => {
        const name = (typeof tag === 'string' ? tag : tag.name) ?? '';
        const found = known.find((one) => isSameName(one.name, name));
        return found ?? ({ id: localNameOf(name), name, color: greyOfNew } as Tag);
    });
}

type Tagged = Pick<Task, 'tags'>;
type Kept = Tagged | Tagged[] | InfiniteData<{ tasks: Tagged[] }>;

/** Shows a tag as another, or as gone, wherever it is shown. */
export function showTag(client: QueryClient, id: string, as: TagFields | null) {
    const swap = <Shown extends { id: string }>(tags: Shown[]) =>
        tags.flatMap((tag) => (tag.id !== id ? [tag] : as ? [{ ...tag, ...as }] : []));
    const ofTask = (task: Tagged) => ({ ...task, tags: swap(task.tags) });
    client.setQueryData<Tag[]>(queryKey, (tags) => tags && swap(tags).sort(byName));
    client.setQueriesData<Kept>({ queryKey: ['tasks'] }, (data) => {
        if (!data) return data;
        if (Array.isArray(data)) return data.map(ofTask);
        if ('pages' in data)
            return { ...data, pages: data.pages.map((page) => ({ ...page, tasks: page.tasks.map(ofTask) })) };
        return ofTask(data);
    });
}

export async function changeTag(client: QueryClient, { id, name }: Tag, fields: TagFields): Promise<void> {
    const params = { path: { tag_id: id } };
    await sendOrKeep<unknown>(
        () => dataOf(api.PUT('/api/tags/{tag_id}', { params, body: fields })),
        { kind: 'tag', tag: id, title: name, fields },
        null,
    );
    showTag(client, id, fields);
}

export async function deleteTag(client: QueryClient, { id, name }: Tag): Promise<void> {
    const params = { path: { tag_id: id } };
    await sendOrKeep<unknown>(
        () => dataOf(api.DELETE('/api/tags/{tag_id}', { params })),
        { kind: 'tag-delete', tag: id, title: name },
        null,
    );
    showTag(client, id, null);
}
