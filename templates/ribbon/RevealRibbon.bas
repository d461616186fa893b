Attribute VB_Name = "RevealRibbon"
Option Explicit

' The buttons of the Reveal tab. All that happens here: the Reveal helper on this computer is told
' which button was clicked, and in which window of Excel. The helper does the work, from outside.

Private Const Title As String = "Reveal"
Private Const Prefix As String = "reveal_"
Private Const Taken As Long = 202

' Every button and menu entry of customUI14.xml.
Public Sub RevealClick(control As IRibbonControl)
    RevealTell Mid$(control.ID, Len(Prefix) + 1)
End Sub

' Ctrl+Z after a check: the helper names this macro to Excel.
Public Sub RevealUndo()
    RevealTell "undo"
End Sub

Private Sub RevealTell(ByVal control As String)
    Dim answer As Long
    answer = RevealPost(control)
    If answer <> Taken Then MsgBox RevealSentence(answer), vbExclamation, Title
End Sub

Private Function RevealSentence(ByVal answer As Long) As String
    Select Case answer
        Case 0
            RevealSentence = "The Reveal helper is not running. Sign out of this computer and " & _
                "in again, or type in a terminal: reveal addin install"
        Case 401, 403
            RevealSentence = "The Reveal helper does not accept this Excel. Sign out of this " & _
                "computer and in again, or type in a terminal: reveal doctor"
        Case 409, 429, 503
            RevealSentence = "Reveal is still busy with the last click. Wait a moment and " & _
                "try again."
        Case Else
            RevealSentence = "The Reveal helper could not take the click (answer " & answer & _
                "). To see what is wrong, type in a terminal: reveal doctor"
    End Select
End Function
