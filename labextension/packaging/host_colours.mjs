/**
 * What stands for JupyterLab's variables where a notebook is shown in a program that has only some
 * of them: VS Code's own variables, then JupyterLab's light theme.
 */
const AROUND = {
  'ui-font-family': 'var(--vscode-font-family, system-ui, sans-serif)',
  'ui-font-size0': '0.83em',
  'ui-font-size1': '13px',
  'ui-font-size2': '1.2em',
  'ui-font-size3': '1.44em',
  'ui-font-color0': 'var(--vscode-foreground, #000)',
  'ui-font-color1': 'var(--vscode-foreground, #212121)',
  'ui-font-color2': 'var(--vscode-descriptionForeground, #616161)',
  'ui-font-color3': 'var(--vscode-descriptionForeground, #616161)',
  'ui-inverse-font-color0': 'var(--vscode-button-foreground, #fff)',
  'ui-inverse-font-color1': 'var(--vscode-button-foreground, #fff)',
  'content-font-color0': 'var(--vscode-foreground, #000)',
  'content-font-color1': 'var(--vscode-foreground, #212121)',
  'content-font-color2': 'var(--vscode-descriptionForeground, #616161)',
  'content-font-color3': 'var(--vscode-descriptionForeground, #616161)',
  'content-font-family': 'var(--vscode-font-family, system-ui, sans-serif)',
  'content-font-size1': '14px',
  'code-font-family': 'var(--vscode-editor-font-family, monospace)',
  'code-font-size': 'var(--vscode-editor-font-size, 13px)',
  'code-line-height': '1.3077',
  'layout-color0': 'var(--vscode-editor-background, #fff)',
  'layout-color1': 'var(--vscode-editor-background, #fff)',
  'layout-color2': 'var(--vscode-list-hoverBackground, #eee)',
  'layout-color3': 'var(--vscode-list-hoverBackground, #bdbdbd)',
  'layout-color4': 'var(--vscode-list-hoverBackground, #757575)',
  'cell-editor-background': 'var(--vscode-textCodeBlock-background, #f5f5f5)',
  'border-color0': 'var(--vscode-contrastBorder, #bdbdbd)',
  'border-color1': 'var(--vscode-input-border, #bdbdbd)',
  'border-color2': 'var(--vscode-panel-border, #e0e0e0)',
  'border-color3': 'var(--vscode-panel-border, #eee)',
  'border-width': '1px',
  'border-radius': '2px',
  'input-background': 'var(--vscode-input-background, #f5f5f5)',
  'input-border-color': 'var(--vscode-input-border, #bdbdbd)',
  'input-active-border-color': 'var(--vscode-focusBorder, #1976d2)',
  'focus-outline-color': 'var(--vscode-focusBorder, #1976d2)',
  'focus-outline-width': '2px',
  'brand-color0': 'var(--vscode-textLink-activeForeground, #0d47a1)',
  'brand-color1': 'var(--vscode-textLink-foreground, #1565c0)',
  'brand-color2': 'var(--vscode-textLink-foreground, #42a5f5)',
  'brand-color3': 'var(--vscode-textLink-foreground, #90caf9)',
  'accept-color-normal': 'var(--vscode-button-background, #1565c0)',
  'accept-color-hover': 'var(--vscode-button-hoverBackground, #0d47a1)',
  'accept-color-active': 'var(--vscode-button-hoverBackground, #0d47a1)',
  'success-color0': 'var(--vscode-testing-iconPassed, #1b5e20)',
  'success-color1': 'var(--vscode-testing-iconPassed, #388e3c)',
  'success-color2': 'var(--vscode-testing-iconPassed, #81c784)',
  'success-color3': 'var(--vscode-testing-iconPassed, #c8e6c9)',
  'error-color0': 'var(--vscode-errorForeground, #b71c1c)',
  'error-color1': 'var(--vscode-errorForeground, #d32f2f)',
  'error-color2': 'var(--vscode-errorForeground, #e57373)',
  'error-color3': 'var(--vscode-errorForeground, #ffcdd2)',
  'warn-color0': 'var(--vscode-editorWarning-foreground, #b35900)',
  'warn-color1': 'var(--vscode-editorWarning-foreground, #ef6c00)',
  'warn-color2': 'var(--vscode-editorWarning-foreground, #ffb74d)',
  'warn-color3': 'var(--vscode-editorWarning-foreground, #ffe0b2)',
  'info-color0': 'var(--vscode-editorInfo-foreground, #006064)',
  'info-color1': 'var(--vscode-editorInfo-foreground, #0097a7)',
  'info-color2': 'var(--vscode-editorInfo-foreground, #4dd0e1)',
  'info-color3': 'var(--vscode-editorInfo-foreground, #b2ebf2)',
  'elevation-z4': 'none'
};

/** Give every `var(--jp-...)` that stands alone what to fall back to; name those that have nothing. */
export function withFallbacks(css) {
  const missing = new Set();
  const whole = css.replace(/var\(--jp-(?!mlcd)([\w-]+)\)/g, (found, name) => {
    if (!(name in AROUND)) {
      missing.add(`--jp-${name}`);
      return found;
    }
    return `var(--jp-${name},${AROUND[name]})`;
  });
  return { css: whole, missing: [...missing] };
}
