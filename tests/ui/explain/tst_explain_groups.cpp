// Groups of columns as players: made, renamed and taken apart in the window, kept by file, and heeded by the methods that have players.
#include "tests/ui/PageBench.h"
#include "ui/explain/ExplainPage.h"
#include "ui/explain/GroupsDialog.h"
#include "ui/explain/PlayersButton.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

namespace {

/// Four columns of which "size" decides the class.
QString fourColumns(const QTemporaryDir& dir, const char* name = "four.csv")
{
    QByteArray text = "size,leaf_length,leaf_width,colour,kind\n";
    for (int i = 0; i < 120; ++i)
        text += QByteArray::number(i % 40) + ',' + QByteArray::number((i * 7) % 11) + ',' + QByteArray::number((i * 5) % 13) + (i % 3 ? ",red," : ",blue,") + (i % 40 < 20 ? "small" : "large") + '\n';
    return QString::fromStdString(test::write(dir, name, text).string());
}

GroupsDialog* opened(Bench& bench)
{
    bench.find<QPushButton>("explain.groups")->click();
    return bench.page.window()->findChild<GroupsDialog*>("groupsDialog");
}

void select(QTreeWidget* tree, const QStringList& names)
{
    tree->clearSelection();
    for (const QString& name : names)
        for (QTreeWidgetItem* item : tree->findItems(name, Qt::MatchExactly | Qt::MatchRecursive))
            item->setSelected(true);
}

void type(QLineEdit* field, const QString& text)
{
    field->setText(text);
    emit field->returnPressed();
}

} // namespace

class TestExplainGroups : public QObject
{
    Q_OBJECT
private slots:
    void firstWords_data()
    {
        QTest::addColumn<QStringList>("columns");
        QTest::addColumn<QStringList>("groups");
        QTest::newRow("none") << QStringList{"age", "sex"} << QStringList{};
        QTest::newRow("underscore") << QStringList{"capital_gain", "age", "capital_loss"} << QStringList{"capital: capital_gain capital_loss"};
        QTest::newRow("itself") << QStringList{"education", "education-num"} << QStringList{"education: education education-num"};
        QTest::newRow("spaces, two") << QStringList{"mean radius", "mean area", "worst radius", "worst area", "id"} << QStringList{"mean: mean radius|mean area", "worst: worst radius|worst area"};
    }

    void firstWords()
    {
        QFETCH(QStringList, columns);
        QFETCH(QStringList, groups);
        QStringList found;
        for (const ColumnGroup& group : groupsByFirstWord(columns)) {
            QStringList own;
            for (const std::string& column : group.columns)
                own << QString::fromStdString(column);
            found << QString::fromStdString(group.name) + ": " + own.join(own.front().contains(' ') ? "|" : " ");
        }
        QCOMPARE(found, groups);
    }

    void groupsAreMadeAndHeeded()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, fourColumns(dir), "kind", 3));
        auto* players = bench.find<QPushButton>("explain.groups");
        QTRY_COMPARE_WITH_TIMEOUT(players->text(), QString("Players: 4 columns"), 20000); // once the model is loaded
        QPointer<GroupsDialog> dialog = opened(bench);
        QVERIFY(dialog && dialog->isVisible());
        auto* tree = dialog->findChild<QTreeWidget*>("groups.columns");
        auto* name = dialog->findChild<QLineEdit*>("groups.name");
        auto* make = dialog->findChild<QPushButton*>("groups.group");
        auto* problem = dialog->findChild<QLabel*>("groups.problem");
        QCOMPARE(tree->topLevelItemCount(), 4);

        // What is sought is all that is seen.
        dialog->findChild<QLineEdit*>("groups.find")->setText("LEAF");
        QVERIFY(tree->findItems("size", Qt::MatchExactly).front()->isHidden() && !tree->findItems("leaf_width", Qt::MatchExactly).front()->isHidden());
        dialog->findChild<QLineEdit*>("groups.find")->clear();

        select(tree, {"leaf_length", "leaf_width"});
        QVERIFY(!make->isEnabled()); // it has no name
        name->setText("size");       // a column outside it
        QVERIFY(!make->isEnabled() && problem->text().contains("size"));
        type(name, "leaf");
        QCOMPARE(players->text(), QString("Players: 2 columns, 1 group"));
        QCOMPARE(tree->topLevelItemCount(), 3);
        select(tree, {"colour"});
        name->setText("leaf");
        QVERIFY(!make->isEnabled() && problem->text().contains("already"));
        type(name, "look"); // a group of one is another name for it
        QCOMPARE(players->text(), QString("Players: 1 column, 2 groups"));

        // A method that plays games of columns has the groups for players, and says so.
        auto* method = bench.find<QComboBox>("explain.method");
        auto* start = bench.find<QPushButton>("explain.start");
        auto* facts = bench.find<QLabel>("explainFacts");
        auto* shown = bench.find<QComboBox>("explain.feature");
        bench.find<QSpinBox>("explain.rows")->setValue(12);
        const auto explain = [&](const char* which) {
            method->setCurrentIndex(method->findData(which));
            emit method->activated(method->currentIndex());
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        };
        const auto features = [&] {
            QStringList names;
            for (int i = 0; i < shown->count(); ++i)
                names << shown->itemText(i);
            names.sort();
            return names;
        };
        for (const char* which : {"exact", "kernel", "leverage", "permutation", "partition", "occlusion"}) {
            explain(which);
            QVERIFY2(players->isVisible(), which);
            QCOMPARE(features(), (QStringList{"leaf", "look", "size"}));
            QVERIFY2(facts->text().contains("Players: 1 column, 2 groups (leaf, look)"), qPrintable(facts->text()));
        }
        for (const char* which : {"deeplift", "lime"}) {
            explain(which);
            QVERIFY2(!players->isVisible(), which);
            QCOMPARE(features(), (QStringList{"colour", "leaf_length", "leaf_width", "size"}));
            QVERIFY2(!facts->text().contains("Players"), qPrintable(facts->text()));
        }

        // Renamed in place, taken apart, and back again.
        tree->findItems("leaf", Qt::MatchExactly).front()->setText(0, "blade");
        QTRY_COMPARE(tree->findItems("blade", Qt::MatchExactly).size(), 1);
        tree->findItems("blade", Qt::MatchExactly).front()->setText(0, "look"); // taken
        QTRY_COMPARE(tree->findItems("blade", Qt::MatchExactly).size(), 1);
        select(tree, {"leaf_width"});
        dialog->findChild<QPushButton*>("groups.ungroup")->click();
        select(tree, {"look"});
        dialog->findChild<QPushButton*>("groups.ungroup")->click();
        QCOMPARE(players->text(), QString("Players: 3 columns, 1 group"));
        bench.session.undoStack().undo();
        bench.session.undoStack().undo();
        QCOMPARE(players->text(), QString("Players: 1 column, 2 groups"));
        QCOMPARE(tree->findItems("leaf_width", Qt::MatchExactly | Qt::MatchRecursive).front()->parent()->text(0), QString("blade"));
        bench.session.undoStack().redo();
        QCOMPARE(players->text(), QString("Players: 2 columns, 2 groups"));
        bench.page.resize(952, 600);
        QCOMPARE(bench.page.width(), 952);
    }

    void areKeptWithTheFile()
    {
        QTemporaryDir dir;
        const QString file = fourColumns(dir), other = fourColumns(dir, "other.csv");
        {
            Bench bench(dir.filePath("workspace"));
            QVERIFY(test::trainModel(bench, file, "kind", 1));
            auto* players = bench.find<QPushButton>("explain.groups");
            QTRY_COMPARE_WITH_TIMEOUT(players->text(), QString("Players: 4 columns"), 20000);
            opened(bench)->findChild<QPushButton*>("groups.suggest")->click();
            QCOMPARE(players->text(), QString("Players: 2 columns, 1 group"));
            bench.session.openFile(other);
            QTRY_COMPARE_WITH_TIMEOUT(players->text(), QString("Players: 4 columns"), 20000); // it has none
            bench.session.openFile(file);
            QTRY_COMPARE_WITH_TIMEOUT(players->text(), QString("Players: 2 columns, 1 group"), 20000);
        }
        Bench again(dir.filePath("workspace"));
        QTRY_COMPARE_WITH_TIMEOUT(again.find<QPushButton>("explain.groups")->text(), QString("Players: 2 columns, 1 group"), 20000);
    }
};

QTEST_MAIN(TestExplainGroups)
#include "tst_explain_groups.moc"
