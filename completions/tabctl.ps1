# Completes tabctl in PowerShell: load it in $PROFILE with `. FILE`.
# The program says what can stand at the cursor; this only hands it over.

Register-ArgumentCompleter -Native -CommandName tabctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $current = "$wordToComplete".Trim("'", '"')
    & tabctl complete powershell "--current=$current" -- @before 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value.Trim("'"), 'ParameterValue', $about)
    }
}
