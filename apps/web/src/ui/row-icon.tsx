import { ChevronDown, CircleDashed, PackageCheck, Pencil, RotateCw, Trash2, Truck } from "lucide-react";

const ICONS = {
  pending: CircleDashed,
  shipped: Truck,
  delivered: PackageCheck,
  open: ChevronDown,
  edit: Pencil,
  remove: Trash2,
  again: RotateCw,
} as const;
type RowIconName = keyof typeof ICONS;

const symbolId = (name: string): string => `row-icon-${name}`;

/** The icons of the rows, drawn once: a row that comes into sight costs two elements an icon, not five. */
export function RowIconSprite() {
  return (
    <svg width={0} height={0} style={{ position: "absolute" }} aria-hidden>
      {Object.entries(ICONS).map(([name, Icon]) => (
        <symbol key={name} id={symbolId(name)} viewBox="0 0 24 24">
          <Icon size={24} />
        </symbol>
      ))}
    </svg>
  );
}

interface RowIconProps {
  readonly name: RowIconName;
  readonly size: number;
  readonly className?: string | undefined;
}

export function RowIcon({ name, size, className }: RowIconProps) {
  return (
    <svg width={size} height={size} className={className} aria-hidden>
      <use href={`#${symbolId(name)}`} />
    </svg>
  );
}
