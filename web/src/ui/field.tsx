import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';

interface FieldProps extends TextFieldProps {
    label: ReactNode;
    hint?: string;
    placeholder?: string;
}

/** A labelled line to type in, with the fault that the server found in it. */
export function Field({ label, hint, placeholder, ...rest }: FieldProps) {
    return (
        <TextField {...rest} className="field">
            <Label>{label}</Label>
            <Input placeholder={placeholder} className="input" />
            {hint && <Text slot="description">{hint}</Text>}
            <FieldError />
        </TextField>
    );
}
