#include "core/data/Tokenizer.h"
#include "core/data/Vocabulary.h"
#include "tests/support/TestSupport.h"

using namespace limpid;

namespace {

QByteArray joined(const std::vector<std::string>& words)
{
    QByteArray line;
    for (const std::string& word : words)
        line += (line.isEmpty() ? "" : "|") + QByteArray::fromStdString(word);
    return line;
}

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

class tst_Tokenizer : public QObject
{
    Q_OBJECT

private slots:
    void words_data();
    void words();
    void nextBehindTheEnd();
    void counts();
    void rareWords();
    void indices();
    void encode_data();
    void encode();
    void copies();
};

/// By hand.
void tst_Tokenizer::words_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const QByteArray& text, const char* expected) {
        QTest::newRow(name) << text << QByteArray(expected);
    };
    row("empty", "", "");
    row("nothing but marks", " \t\r\n.,;:!?-_()[]\"'`~@#$%^&*+=<>/\\|{}", "");
    row("plain", "The cat sat", "the|cat|sat");
    row("punctuation", "plot : two teen couples go , drink and then drive .", "plot|two|teen|couples|go|drink|and|then|drive");
    row("no space", "one,two;three.four", "one|two|three|four");
    row("hyphen, underscore", "mind-fuck sorta_kinda", "mind|fuck|sorta|kinda");
    row("digits", "3.14 or 2nd in R2D2", "3|14|or|2nd|in|r2d2");
    row("apostrophe", "what's the deal, don't", "what's|the|deal|don't");
    row("apostrophe outside", "'tis the dogs' 'quoted' '", "tis|the|dogs|quoted");
    row("apostrophes", "rock'n'roll it''s '''", "rock'n'roll|it|s");
    row("apostrophe, comma", "dogs',cats", "dogs|cats");
    row("typographic", "don’t ‘quoted’ “words”…", "don't|quoted|words");
    row("Latin-1", "ÀÉÎÕÜ Straße ×÷ ÇØÞ ÿ", "àéîõü|straße|çøþ|ÿ");
    row("Latin", "ŁÓDŹ Žluťoučký KŮŇ Ÿ Őr İzmir", "łódź|žluťoučký|kůň|ÿ|őr|izmir");
    row("Vietnamese", "VIỆT NAM ƠN NƯỚC", "việt|nam|ơn|nước");
    row("Romanian, Pinyin", "ȘȚ ǍǙ", "șț|ǎǚ");
    row("Greek", "ΆΛΦΑ Ώρα ΈΉΊΌΎ ΣΟΦΙΑ;", "άλφα|ώρα|έήίόύ|σοφια");
    row("Cyrillic", "ПРИВЕТ, Ёлка! Їжак ҐЄ", "привет|ёлка|їжак|ґє");
    row("Armenian", "ԲԱՐԵՎ", "բարեվ");
    row("full width", "ＡＢＣ１２！ｚ", "ａｂｃ１２|ｚ");
    row("Arabic", "مرحبا، بالعالم؟", "مرحبا|بالعالم");
    row("Hebrew", "שלום עולם", "שלום|עולם");
    row("Hindi keeps its vowel signs", "नमस्ते दुनिया।", "नमस्ते|दुनिया");
    row("Korean", "안녕하세요 세계", "안녕하세요|세계");
    row("Chinese", "我爱北京。Hello世界", "我|爱|北|京|hello|世|界");
    row("Japanese", "ラーメン、食べた", "ラ|ー|メ|ン|食|べ|た");
    row("apostrophe before a Han character", "a'世", "a|世");
    row("emoji", "good👍🏽great ❤️ 1️⃣ €5 ©x", "good|great|1|5|x");
    row("no-break space, dashes", "a\u00a0b–c—d", "a|b|c|d");
    row("soft hyphen, joiner, byte order mark", "\ufeffhy\u00adphen \u200dx\u200cy", "hyphen|xy");
    row("decomposed", "e\u0301te\u0301", "e\u0301te\u0301");
    row("beyond the first plane", "𝒳 𐐀 😀", "𝒳|𐐀");
    row("zero byte", QByteArray("a\0b", 3), "a|b");
    row("stray bytes", "a\x80"
                       "b\xff"
                       "c", "a|b|c");
    row("cut short", "caf\xc3", "caf");
    row("cut short in the middle", "x\xe4\xb8y", "x|y");
    row("too long a form", "a\xc0\xaf"
                           "b\xe0\x80\xaf"
                           "c\xf0\x80\x80\xaf"
                           "d", "a|b|c|d");
    row("surrogate", "a\xed\xa0\x80"
                     "b", "a|b");
    row("beyond Unicode", "a\xf4\x90\x80\x80"
                          "b\xf5\x80\x80\x80"
                          "c", "a|b|c");
}

void tst_Tokenizer::words()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QCOMPARE(joined(wordsOf(text.toStdString())), expected);
}

void tst_Tokenizer::nextBehindTheEnd()
{
    Tokenizer tokenizer("one");
    QVERIFY(tokenizer.next());
    QCOMPARE(tokenizer.word(), std::string_view("one"));
    QVERIFY(!tokenizer.next());
    QVERIFY(!tokenizer.next());
}

void tst_Tokenizer::counts()
{
    WordCounts counts;
    for (const std::string& word : wordsOf("b a c b c d É z b"))
        counts.add(word);
    QCOMPARE(joined(counts.mostFrequent(100)), QByteArray("b|c|a|d|z|é"));
    QCOMPARE(joined(counts.mostFrequent(2)), QByteArray("b|c"));
    QCOMPARE(joined(counts.mostFrequent(0)), QByteArray());
}

/// 1,000 different words are all kept; of 1,001 those that occur twice.
void tst_Tokenizer::rareWords()
{
    WordCounts counts;
    for (int i = 0; i < 1000; ++i)
        counts.add("w" + std::to_string(i));
    counts.add("w7");
    QCOMPARE(counts.mostFrequent(5000).size(), std::size_t{1000});
    QCOMPARE(counts.mostFrequent(5000).front(), std::string("w7"));
    counts.add("one more");
    counts.add("w3");
    QCOMPARE(joined(counts.mostFrequent(5000)), QByteArray("w3|w7"));
}

void tst_Tokenizer::indices()
{
    QCOMPARE(Vocabulary().size(), 2);
    QCOMPARE(Vocabulary().index("x"), 1);
    const Vocabulary vocabulary({"the", "cat"});
    QCOMPARE(vocabulary.size(), 4);
    QCOMPARE(vocabulary.index("the"), 2);
    QCOMPARE(vocabulary.index("cat"), 3);
    QCOMPARE(vocabulary.index("dog"), 1);
    QCOMPARE(vocabulary.index(""), 1);
}

void tst_Tokenizer::encode_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("padded on the left") << "The dog" << "0 0 2 1";
    QTest::newRow("nothing") << " . " << "0 0 0 0";
    QTest::newRow("just fits") << "cat, the cat. THE" << "3 2 3 2";
    QTest::newRow("cut off behind") << "cat cat cat the the the" << "3 3 3 2";
    QTest::newRow("one too many") << "the dog the cat cat" << "2 1 2 3";
    QTest::newRow("three") << "the cat ran" << "0 2 3 1";
}

void tst_Tokenizer::encode()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    std::vector<std::int32_t> places(6, 77);
    Vocabulary({"the", "cat"}).encode(text.toStdString(), std::span(places).subspan(1, 4));
    QStringList shown;
    for (std::size_t i = 1; i < 5; ++i)
        shown.append(QString::number(places[i]));
    QCOMPARE(shown.join(' '), expected);
    QCOMPARE(places.front(), 77);
    QCOMPARE(places.back(), 77);
}

/// A copy outlives what it was copied from.
void tst_Tokenizer::copies()
{
    auto first = std::make_unique<Vocabulary>(std::vector<std::string>{"a", repeated("long", 20)});
    const Vocabulary second = *first;
    first.reset();
    QCOMPARE(second.index("a"), 2);
    QCOMPARE(second.index(repeated("long", 20)), 3);
}

QTEST_GUILESS_MAIN(tst_Tokenizer)
#include "tst_tokenizer.moc"
