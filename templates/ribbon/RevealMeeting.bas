Attribute VB_Name = "RevealMeeting"
Option Explicit

' Where the Reveal helper says how it can be reached: line 1 its port, line 2 its token. The file
' is in the user's own folder, and never beside a workbook. (On macOS reveal.applescript reads it.)

Public Function RevealMeetingText() As String
    Dim file As Integer
    On Error GoTo Nowhere
    file = FreeFile
    Open RevealMeetingPath() For Input Access Read Shared As #file
    RevealMeetingText = Input$(LOF(file), #file)
    Close #file
Nowhere:
End Function

Private Function RevealMeetingPath() As String
    RevealMeetingPath = Environ$("LOCALAPPDATA") & "\Reveal\helper.txt"
End Function
