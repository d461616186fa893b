Attribute VB_Name = "RevealHttp"
Option Explicit

' One short message to the Reveal helper on this computer. The helper answers at once and works
' afterwards, so that Excel never waits for it.

' Says the HTTP status that the helper answered; 0 if nobody answered.
Public Function RevealPost(ByVal control As String) As Long
    On Error GoTo Nobody
#If Mac Then
    RevealPost = CLng(Val(AppleScriptTask("reveal.applescript", "RevealPost", control)))
#Else
    Dim meeting() As String
    Dim request As Object
    meeting = Split(Replace(RevealMeetingText(), vbCr, ""), vbLf)
    If UBound(meeting) < 1 Then Exit Function
    Set request = CreateObject("WinHttp.WinHttpRequest.5.1")
    request.SetProxy 1  ' none
    request.SetTimeouts 1000, 1000, 1000, 3000
    request.Open "POST", "http://127.0.0.1:" & CLng(Val(meeting(0))) & "/ribbon", False
    request.SetRequestHeader "Content-Type", "application/json"
    request.SetRequestHeader "X-Reveal-Token", meeting(1)
    request.Send "{""control"": """ & control & """, ""window"": " & Application.Hwnd & "}"
    RevealPost = request.Status
#End If
Nobody:
End Function
