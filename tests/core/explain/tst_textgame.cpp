#include "core/base/File.h"
#include "core/data/Tokenizer.h"
#include "core/explain/PartitionShap.h"
#include "core/explain/Shapley.h"
#include "core/explain/TextGame.h"
#include "core/explain/TextLime.h"
#include "tests/core/explain/TestPredictor.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <map>

using namespace limpid;
using limpid::test::FunctionPredictor;

namespace {

const std::map<std::string, float> weights{{"good", 2.0f}, {"bad", -3.0f}, {"very", 0.5f}, {"film", 0.0f}};

/// The sum of the weights of a text's words, and 10 for the other column.
FunctionPredictor bagOfWords()
{
    const Table table({test::textColumn("review", {"good film", "bad film", "very good", "very bad", "the film is good", "it"}),
                       Column::numbers("stars", {1, 2, 3, 4, 5, 6}), Column::numbers("target", {1, 2.5, 3, 4, 5, 6})});
    Pipeline pipeline = test::fitted(table, "target");
    const Vocabulary vocabulary = pipeline.vocabulary();
    const FeatureGroup review = pipeline.groups()[0];
    return {std::move(pipeline), 1, [vocabulary, review](const Features& features, std::size_t row) {
                float sum = 10.0f * features.numbers[row * features.numberWidth];
                for (std::size_t k = review.categoryBegin; k < review.categoryEnd; ++k) {
                    const std::int32_t index = features.categories[row * features.categoryWidth + k];
                    if (index >= Vocabulary::firstWord) {
                        const auto found = weights.find(vocabulary.words()[static_cast<std::size_t>(index - Vocabulary::firstWord)]);
                        sum += found == weights.end() ? 0.0f : found->second;
                    }
                }
                return std::vector<float>{sum};
            }};
}

TextGame gameOf(const Predictor& predictor, const std::string& text)
{
    const Table table({test::textColumn("review", {text}), Column::numbers("stars", {0.25})});
    Issues issues;
    return {predictor, predictor.pipeline().transform(table, false, issues), 0, text, OutputSpace::Raw};
}

} // namespace

class tst_TextGame : public QObject
{
    Q_OBJECT

private slots:
    void spans_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArrayList>("words");    // the bytes that each span has, by eye
        QTest::newRow("plain") << QByteArray("A good film.") << QByteArrayList{"A", "good", "film"};
        QTest::newRow("repeated") << QByteArray("good, good") << QByteArrayList{"good", "good"};
        QTest::newRow("empty") << QByteArray() << QByteArrayList{};
        QTest::newRow("no word") << QByteArray(" ... !") << QByteArrayList{};
        QTest::newRow("apostrophes") << QByteArray("'don't' it''s") << QByteArrayList{"don't", "it", "s"};
        QTest::newRow("typographic") << QByteArray("don’t.") << QByteArrayList{"don’t"};
        QTest::newRow("accents") << QByteArray("«Ça» était très-bon") << QByteArrayList{"Ça", "était", "très", "bon"};
        QTest::newRow("Han") << QByteArray("a好片b") << QByteArrayList{"a", "好", "片", "b"};
        QTest::newRow("emoji") << QByteArray("so 😀 good") << QByteArrayList{"so", "good"};
        QTest::newRow("broken") << QByteArray("\xff\xfegood\xe2\x82 bad") << QByteArrayList{"good", "bad"};
    }
    void spans()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArrayList, words);
        const FunctionPredictor predictor = bagOfWords();
        const std::string bytes = text.toStdString();
        const TextGame game = gameOf(predictor, bytes);
        QByteArrayList found;
        for (const TextSpan& span : game.spans())
            found << text.mid(qsizetype(span.begin), qsizetype(span.end - span.begin));
        QCOMPARE(found, words);
        QCOMPARE(game.words(), wordsOf(bytes).size());
    }

    // A sum's Shapley values are its terms, whatever the method: Shapley (1953), additivity and the null player.
    void sums_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"exact", "leverage", "kernel", "permutation", "partition"})
            QTest::newRow(method) << method;
    }
    void sums()
    {
        QFETCH(QString, method);
        const FunctionPredictor predictor = bagOfWords();
        const std::string text = "Very good? A bad, bad film";
        const TextGame game = gameOf(predictor, text);
        Task task;
        const ShapleyValues found = method == "partition" ? partitionShapley(game, textTree(text, game.spans()), {}, task).shapley
                                                           : shapley(game, {method.toStdString(), 0, 1, 0}, task);
        const std::vector<double> expected{0.5, 2.0, 0.0, -3.0, -3.0, 0.0};
        QCOMPARE(found.values.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(std::abs(found.values[i] - expected[i]) < 1e-5, qPrintable(QString("%1: %2").arg(i).arg(found.values[i])));
        QCOMPARE(found.base, std::vector<double>{2.5});       // the other column alone
        QCOMPARE(found.full, std::vector<double>{-1.0});
    }

    void oneWord()
    {
        const FunctionPredictor predictor = bagOfWords();
        for (const char* method : {"exact", "leverage", "kernel", "permutation"}) {
            Task task;
            const ShapleyValues found = shapley(gameOf(predictor, "good"), {method, 0, 1, 0}, task);
            QCOMPARE(found.values, std::vector<double>{2.0});
        }
    }

    // The model reads the first 8 words: a later one moves up as others leave.
    void moreThanIsRead()
    {
        const FunctionPredictor predictor = bagOfWords();
        QCOMPARE(predictor.pipeline().textWidth(), std::size_t(8));
        const TextGame game = gameOf(predictor, "film film film film film film film film good");
        QCOMPARE(game.players(), std::size_t(9));
        Task task;
        const std::vector<double> values = game.values({2, 9, {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1}}, task);
        QCOMPARE(values, (std::vector<double>{2.5, 4.5}));
    }

    void longTextsAreMerged()
    {
        const FunctionPredictor predictor = bagOfWords();
        std::string text;
        for (int i = 0; i < 1001; ++i)
            text += "word" + std::to_string(i) + " ";
        const TextGame game = gameOf(predictor, text);
        QCOMPARE(game.players(), TextGame::maxPlayers);
        QCOMPARE(game.words(), std::size_t(1001));
        QCOMPARE(game.spans().front().begin, std::size_t(0));
        QCOMPARE(game.spans().back().end, text.size() - 1);
        for (std::size_t i = 1; i < game.players(); ++i)
            QCOMPARE(game.spans()[i].begin, game.spans()[i - 1].end + 1);
    }

    void tree_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");   // by eye
        QTest::newRow("halves") << "a b c d" << "((0 1) (2 3))";
        QTest::newRow("sentence first") << "a. b, c d" << "(0 (1 (2 3)))";
        QTest::newRow("comma") << "a b c, d" << "((0 (1 2)) 3)";
        QTest::newRow("number") << "x 3.5 y" << "((0 1) (2 3))";
        QTest::newRow("one") << "x" << "0";
    }
    void tree()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const std::string bytes = text.toStdString();
        const FunctionPredictor predictor = bagOfWords();
        const PlayerTree tree = textTree(bytes, gameOf(predictor, bytes).spans());
        QVERIFY(tree.isValid());
        const std::function<QString(std::size_t)> written = [&](std::size_t node) {
            return tree.isPlayer(node) ? QString::number(node)
                                       : QString("(%1 %2)").arg(written(tree.split(node).left), written(tree.split(node).right));
        };
        QCOMPARE(written(tree.nodes() - 1), expected);
    }

    void treeOfNothing()
    {
        const PlayerTree tree = textTree("", {});
        QCOMPARE(tree.nodes(), std::size_t(0));
    }

    // lime.json: distances of a program that is not this one.
    void limeDistances()
    {
        LIMPID_NEED_SHARED(path, "fixtures/explain/lime.json");
        const nlohmann::json text = nlohmann::json::parse(readFile(path))["text"];
        for (std::size_t i = 0; i < text["data"].size(); ++i) {
            double kept = 0.0;
            for (const auto& value : text["data"][i])
                kept += value.get<double>();
            const double found = textDistance(static_cast<std::size_t>(kept), text["data"][i].size());
            QVERIFY(std::abs(found - text["distances"][i].get<double>()) < 1e-9);
        }
    }

    // A linear model's surrogate is the model, but for ridge's small shrinkage.
    void limeOfSums()
    {
        const FunctionPredictor predictor = bagOfWords();
        Task task;
        const MaskLime lime = limeOfText(gameOf(predictor, "very good bad film"), 0, 1, task);
        QCOMPARE(lime.samples, usualLimeSamples);
        QCOMPARE(lime.prediction, std::vector<double>{2.0});
        const LocalSurrogate& fit = lime.fits.front();
        const std::vector<double> expected{0.5, 2.0, -3.0, 0.0};
        QCOMPARE(fit.players.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(std::abs(fit.coefficients[i] - expected[i]) < 0.1, qPrintable(QString::number(fit.coefficients[i])));
        QVERIFY(fit.determination > 0.99);
        QCOMPARE(limeOfText(gameOf(predictor, "very good bad film"), 0, 1, task).fits.front().coefficients, fit.coefficients);
        QVERIFY(limeOfText(gameOf(predictor, "very good bad film"), 0, 2, task).fits.front().coefficients != fit.coefficients);
        QVERIFY_EXCEPTION_THROWN(limeOfText(gameOf(predictor, "good"), 1, 1, task), Error);
    }
};

QTEST_GUILESS_MAIN(tst_TextGame)
#include "tst_textgame.moc"
