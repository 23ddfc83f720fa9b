/// A comment that nobody has written: what the people of the demo ask.
struct DemoText: Hashable, Sendable {
    let text: String
    /// What its author wants to be called; `nil` for one who has not said.
    var name: String?
    /// How many vote for it beside the others: from 1 to 9.
    var appeal = 3
    /// What the moderator writes beneath it when it was answered.
    var answer: String?
    /// Whether the moderator hides it.
    var isUnwanted = false

    /// Words that send a text to the moderator.
    static let blockedWords = ["cheap*", "casino", "windows"]

    /// The first ones stand in the talk when the demo begins.
    static let all: [DemoText] = opening + later

    static let opening: [DemoText] = [
        DemoText(
            text: "How do you keep one slow subscriber from holding back the other five thousand?",
            name: "Mira", appeal: 9),
        DemoText(
            text: "What happens to a comment that was accepted a moment before the process is killed?",
            name: "Jonas",
            appeal: 8,
            answer: "It is on the disk before you get your answer, and comes back with the next start."),
        DemoText(text: "Is one loop on one core really enough for a whole conference?", appeal: 8),
        DemoText(text: "Why not simply use Redis for the fan-out?", name: "Priya", appeal: 6),
        DemoText(
            text: "هل يمكن استخدام هذا الحل مع أكثر من خادم واحد في نفس الوقت؟", name: "ليلى", appeal: 5),
        DemoText(text: "一つのループで WebSocket と SSE を同時に扱うとき、公平さはどう保たれますか？", name: "健司", appeal: 5),
        DemoText(
            text: "Could the measuring stand be published, so that we can run it on our own hardware? 🙏",
            name: "Tomasz",
            appeal: 4, answer: "It is in the repository, under Tests/Benchmarks."),
        DemoText(
            text: """
                You said that a comment stands on the projector before the hand is down. How was that measured: from \
                the phone's send to the paint on the stage, or only inside the server? I ask because our own figures \
                looked fine until we counted the radio of the phones in the hall.
                """, name: "Ana", appeal: 4),
        DemoText(
            text: "Does it run on a Raspberry Pi?", appeal: 3,
            answer: "It does; a small one is enough for a room."),
        DemoText(
            text: "Was war der schwierigste Fehler, und wie habt ihr ihn gefunden?", name: "Jana", appeal: 4),
        DemoText(
            text: "Can people who watch the stream ask as well?", name: "Oskar", appeal: 5,
            answer: "Yes, at the same address. Their questions stand in the same list."),
        DemoText(text: "Slides?", appeal: 3, answer: "On the talk's page after lunch."),
        DemoText(text: "Will there be a version for Windows?", appeal: 1),
        DemoText(text: "Buy cheap tickets at tickets.example", appeal: 1, isUnwanted: true),
    ]

    private static let later: [DemoText] = [
        DemoText(text: "What did you give up to get there?", name: "Sofia", appeal: 7),
        DemoText(text: "Is the position in the address or in a header?", appeal: 2),
        DemoText(text: "가장 어려웠던 버그는 무엇이었나요?", name: "지우", appeal: 4),
        DemoText(text: "How do you test a phone that falls asleep?", name: "Ben", appeal: 6),
        DemoText(text: "Does the QR code work from the last row? 😄", name: "Ewa", appeal: 5),
        DemoText(text: "שאלה: האם אפשר להריץ את זה מאחורי nginx?", name: "נועה", appeal: 4),
        DemoText(text: "Combien de mémoire par abonné qui ne fait rien ?", appeal: 3),
        DemoText(text: "What would you do differently if you began today?", name: "Amara", appeal: 8),
        DemoText(text: "¿Qué pasa si se va la luz a mitad de la charla?", name: "Lucía", appeal: 4),
        DemoText(text: "Почему не обычные потоки вместо одного цикла?", name: "Олег", appeal: 4),
        DemoText(
            text: "Is a vote lost when I close the tab?", appeal: 2, answer: "No. It is kept on the server."),
        DemoText(text: "Γιατί Swift και όχι Go;", name: "Ελένη", appeal: 5),
        DemoText(text: "आप इसे उत्पादन में कब से चला रहे हैं?", appeal: 3),
        DemoText(text: "Please speak a little louder, the back row hears half of it.", appeal: 3),
        DemoText(text: "为什么不用消息队列，而是直接写数据库？", name: "小林", appeal: 5),
        DemoText(text: "Which part of it was fun?", appeal: 6),
        DemoText(
            text: "آیا می‌توان یک سؤال را بعد از ارسال ویرایش کرد؟", appeal: 3, answer: "بله، تا پنج دقیقه."),
        DemoText(text: "How many lines of code is it?", appeal: 2),
        DemoText(text: "Czy można to uruchomić bez dostępu do internetu?", name: "Kasia", appeal: 3),
        DemoText(text: "Which part of it would you never write again?", appeal: 5),
        DemoText(text: "Win at the casino tonight!!!", appeal: 1, isUnwanted: true),
        DemoText(text: "มีแผนจะรองรับหลายห้องพร้อมกันไหม", appeal: 3),
        DemoText(text: "What is the first thing that breaks at a hundred thousand?", appeal: 7),
        DemoText(text: "Kann ich meine Frage zurückziehen?", appeal: 2, answer: "Ja, fünf Minuten lang."),
        DemoText(text: "Could you show the graph with the long tail again?", appeal: 4),
        DemoText(text: "Чи можна голосувати без JavaScript?", appeal: 3, answer: "Так."),
        DemoText(text: "How do you upgrade without throwing everybody out?", name: "Elif", appeal: 6),
        DemoText(text: "Vad händer när två personer ställer samma fråga?", appeal: 3),
        DemoText(text: "ما هو الحد الأقصى لعدد المشاركين الذين جربتموه؟", name: "سامي", appeal: 5),
        DemoText(text: "Is there anything that you would not use it for?", appeal: 6),
        DemoText(text: "Thank you, the best talk of the day 👏", appeal: 2),
        DemoText(
            text: "Where can I read more?", appeal: 3,
            answer: "The guide is in the repository, under Docs/Guide."),
    ]
}
