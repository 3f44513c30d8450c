import { ChevronDown } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, useFilter } from 'react-aria-components';
import { zoneList } from '../../domain/zones';

const zones = /* @__PURE__ */ zoneList();
const shownMax = 40;

/** A time zone by name, found by typing a part of it. */
export function ZoneChoice(props: { label: string; value: string; onChange: (zone: string) => void }) {
    const { contains } = useFilter({ sensitivity: 'base' });
    const [typed, setTyped] = useState(props.value);
    useEffect(() => setTyped(props.value), [props.value]);
    const items = useMemo(() => {
        const part = typed === props.value ? '' : typed.trim().replaceAll(' ', '_');
        const found = zones.filter((zone) => zone !== props.value && contains(zone, part));
        return [props.value, ...found].slice(0, shownMax).map((id) => ({ id }));
    }, [typed, props.value, contains]);
    return (
        <ComboBox
            className="choice"
            items={items}
            inputValue={typed}
            onInputChange={setTyped}
            selectedKey={props.value}
            onSelectionChange={(key) => {
                if (!key) return;
                setTyped(String(key));
                if (key !== props.value) props.onChange(String(key));
            }}
            menuTrigger="focus"
        >
            <Label>{props.label}</Label>
            <div className="input combo">
                <Input />
                <Button className="icon-button">
                    <ChevronDown size={16} aria-hidden />
                </Button>
            </div>
            <Popover className="popover" offset={4}>
                <ListBox className="menu">
                    {({ id }: { id: string }) => (
                        <ListBoxItem textValue={id} className="menu-item">
                            {id.replaceAll('_', ' ')}
                        </ListBoxItem>
                    )}
                </ListBox>
            </Popover>
        </ComboBox>
    );
}
