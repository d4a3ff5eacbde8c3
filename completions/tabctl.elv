# Completes tabctl in Elvish: `use tabctl` in rc.elv, with this file in a folder of its modules.
# The program says what can stand at the cursor; this only hands it over.

use str

set edit:completion:arg-completer[tabctl] = {|@words|
    var before current = $words[..-1] $words[-1]
    try {
        e:tabctl complete elvish --current=$current -- $@before 2>/dev/null | from-lines | each {|line|
            var value about = (str:split &max=2 "\t" $line"\t")
            var shown = (str:trim-right $about "\t")
            # More is to come after a folder, or a key.
            var end = (if (or (str:has-suffix $value /) (str:has-suffix $value =)) { put '' } else { put ' ' })
            if (eq $shown "") {
                edit:complex-candidate $value &code-suffix=$end
            } else {
                edit:complex-candidate $value &code-suffix=$end &display=$value"  "$shown
            }
        }
    } catch e {
        nop
    }
}
