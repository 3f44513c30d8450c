import { ArrowDown, ArrowUp, Check } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, ToggleButton } from 'react-aria-components';
import { firstWay, sortKeys, type Sort, type SortKey } from '../../domain/sort';
import { useText } from '../../words';

/** What a list is sorted by, and which way. */
export function SortChoice({ sort, onChange }: { sort: Sort; onChange: (sort: Sort) => void }) {
    const text = useText();
    const Arrow = sort.down ? ArrowDown : ArrowUp;
    return (
        <>
            <MenuTrigger>
                <Button className="button small" aria-label={`${text.sortBy}: ${text.sorts[sort.key]}`}>
                    {text.sorts[sort.key]}
                </Button>
                <Popover className="popover" offset={4} placement="bottom end">
                    <Menu
                        className="menu"
                        aria-label={text.sortBy}
                        selectionMode="single"
                        disallowEmptySelection
                        selectedKeys={[sort.key]}
                        onAction={(key) => key !== sort.key && onChange(firstWay(key as SortKey))}
                    >
                        {sortKeys.map((key) => (
                            <MenuItem key={key} id={key} textValue={text.sorts[key]} className="menu-item">
                                {({ isSelected }) => (
                                    <>
                                        {text.sorts[key]}
                                        {isSelected && <Check size={16} aria-hidden />}
                                    </>
                                )}
                            </MenuItem>
                        ))}
                    </Menu>
                </Popover>
            </MenuTrigger>
            <ToggleButton
                className="icon-button"
                aria-label={text.descending}
                isSelected={sort.down}
                onChange={(down) => onChange({ ...sort, down })}
            >
                <Arrow size={18} aria-hidden />
            </ToggleButton>
        </>
    );
}
