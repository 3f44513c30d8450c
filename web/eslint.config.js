import hooks from 'eslint-plugin-react-hooks';
import typescript from 'typescript-eslint';
import arrows from './arrows.js';

export default typescript.config(
    { ignores: ['node_modules', 'src/domain/schema.gen.ts'] },
    ...typescript.configs.strict,
    {
        files: ['src/**/*.{ts,tsx}'],
        plugins: { 'react-hooks': hooks },
        rules: hooks.configs.recommended.rules,
    },
    {
        files: ['src/**/*.{ts,tsx}', '*.test.ts'],
        rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
    },
    {
        files: ['src/**/*.{ts,tsx}'],
        ignores: ['src/**/*.test.ts'],
        plugins: { arrows },
        rules: { 'arrows/rooms': 'error', 'arrows/circles': 'error' },
    },
);
