import { X } from "lucide-react";
import { useId, type ReactNode } from "react";
import { IconButton } from "./icon-button.tsx";
import classes from "./modal.module.css";

interface ModalProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** A dialog over the page, with a title; Escape, its button or a click beside it closes it. */
export function Modal({ title, children, onClose }: ModalProps) {
  const titleId = useId();
  return (
    <dialog
      className={classes.dialog}
      aria-labelledby={titleId}
      ref={(dialog) => {
        if (dialog?.open === false) dialog.showModal();
      }}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={classes.content}>
        <header className={classes.head}>
          <h2 id={titleId} className={classes.title}>
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X size={17} aria-hidden />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}
