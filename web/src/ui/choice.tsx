import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

interface ChoiceProps<Value extends string> {
    label: string;
    value: Value;
    options: readonly { value: Value; label: string; mark?: ReactNode }[];
    onChange: (value: Value) => void;
    hideLabel?: boolean;
}

/** One of a few. */
export function Choice<Value extends string>({ label, value, options, onChange, hideLabel }: ChoiceProps<Value>) {
    return (
        <Select
            className="choice"
            selectedKey={value}
            onSelectionChange={(key) => key !== null && key !== value && onChange(key as Value)}
            {...(hideLabel ? { 'aria-label': label } : {})}
        >
            {!hideLabel && <Label>{label}</Label>}
            <Button className="input choice-button">
                <SelectValue />
                <ChevronDown size={16} aria-hidden />
            </Button>
            <Popover className="popover" offset={4}>
                <ListBox className="menu" items={options.map((option) => ({ id: option.value, ...option }))}>
                    {({ label: name, mark }) => (
                        <ListBoxItem textValue={name} className="menu-item">
                            {({ isSelected }) => (
                                <>
                                    <span className="menu-label">
                                        {mark}
                                        {name}
                                    </span>
                                    {isSelected && <Check size={16} aria-hidden />}
                                </>
                            )}
                        </ListBoxItem>
                    )}
                </ListBox>
            </Popover>
        </Select>
    );
}
