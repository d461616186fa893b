-- Part of Reveal. Excel for Mac runs this when a button of the Reveal tab is clicked: it tells the
-- Reveal helper on this computer, and returns the HTTP status that was answered, or 0.
-- The token goes from the file to the helper, and is never an argument that others could see.

property revealCommand : "{ read -r port && read -r token; } < \"$HOME/Library/Application Support/Reveal/helper.txt\" && printf 'X-Reveal-Token: %s\\n' \"$token\" | /usr/bin/curl --silent --noproxy '*' --connect-timeout 1 --max-time 3 --output /dev/null --write-out '%{http_code}' --header @- --header 'Content-Type: application/json' --data \"{\\\"control\\\": \\\"$control\\\", \\\"window\\\": 0}\" \"http://127.0.0.1:$port/ribbon\""

on RevealPost(buttonId)
	try
		return do shell script "control=" & quoted form of buttonId & "; " & revealCommand
	on error
		return "0"
	end try
end RevealPost
