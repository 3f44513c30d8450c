import hooks from 'eslint-plugin-react-hooks';
import typescript from 'typescript-eslint';

export default typescript.config(
    { ignores: ['node_modules', 'src/domain/schema.gen.ts'] },
    ...typescript.configs.strict,
    {
        files: ['src/**/*.{ts,tsx}'],
        plugins: { 'react-hooks': hooks },
        rules: { ...hooks.configs.recommended.rules, '@typescript-eslint/no-non-null-assertion': 'off' },
    },
);
