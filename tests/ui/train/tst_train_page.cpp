#include "tests/ui/PageBench.h"
#include "ui/train/TrainPage.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

using namespace limpid;

using Bench = test::PageBench<TrainPage>;

class TestTrainPage : public QObject
{
    Q_OBJECT
private slots:
    void emptyPageLeadsToTheData()
    {
        QTemporaryDir dir;
        Bench bench(dir.path());
        auto* empty = bench.find<QWidget>("trainEmpty");
        QVERIFY(empty && empty->isVisible());
        QSignalSpy asked(&bench.session, &Session::pageRequested);
        empty->findChild<QPushButton*>()->click();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().front().toString(), QString("data"));
    }

    void editsAreUndone()
    {
        QTemporaryDir dir;
        Bench bench(dir.path());
        QTRY_VERIFY(bench.session.isReady());
        auto* epochs = bench.find<QSpinBox>("train.epochs");
        auto* rate = bench.find<QLineEdit>("train.learning_rate");
        auto* optimizer = bench.find<QComboBox>("train.optimizer");
        QVERIFY(epochs && rate && optimizer);
        const int before = epochs->value();
        epochs->setValue(7);
        QCOMPARE(bench.session.request().train.epochs, 7);
        rate->setText("0.03");
        emit rate->editingFinished();
        QCOMPARE(bench.session.request().train.learningRate, 0.03);
        bench.session.undoStack().undo();
        QCOMPARE(rate->text(), QString::number(TrainSpec().learningRate));
        bench.session.undoStack().undo();
        QCOMPARE(epochs->value(), before);
        rate->setText("much");
        emit rate->editingFinished();
        QVERIFY(rate->property("invalid").toBool());
        QCOMPARE(bench.session.request().train.learningRate, TrainSpec().learningRate);
        // One seed for rows and weights alike.
        auto* seed = bench.find<QLineEdit>("train.seed");
        seed->setText("9");
        emit seed->editingFinished();
        QCOMPARE(bench.session.request().train.seed, std::uint64_t(9));
        QCOMPARE(bench.session.request().split.seed, std::uint64_t(9));
    }

    void trainsAndRemembers()
    {
        QTemporaryDir dir;
        {
            Bench bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            bench.session.openFile(test::easyTable(dir));
            QTRY_VERIFY(bench.session.plan());
            bench.session.setTarget("kind");
            bench.find<QSpinBox>("train.epochs")->setValue(5);
            auto* start = bench.find<QPushButton>("trainStart");
            QTRY_VERIFY(start->isEnabled() && bench.session.plan() && bench.session.plan()->pipeline.spec().target == "kind");
            QSignalSpy ended(&bench.session, &Session::trainingEnded);
            start->click();
            QCOMPARE(start->text(), QString("Stop and keep"));
            QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30000);
            QVERIFY(bench.session.liveRun()->outcome);
            QCOMPARE(start->text(), QString("Start"));
            auto* figure = bench.find<QLabel>("figure.roc_auc");
            QVERIFY(figure);
            QVERIFY(figure->text().toDouble() > 0.5);
            QVERIFY(bench.find<QLabel>("figure.throughput")->text() != QString::fromUtf8("–"));
            QVERIFY(!bench.find<QWidget>("confusion")->isHidden());
            QTRY_VERIFY(!bench.session.runs().empty());
            // Narrow, then wide again: nothing gets lost on the way.
            bench.page.resize(952, 600);
            QTRY_VERIFY(bench.find<QWidget>("rateChart")->isHidden() || !bench.find<QWidget>("rateChart")->isVisible());
            bench.page.resize(1368, 780);
            QTRY_VERIFY(bench.find<QWidget>("rateChart")->isVisible());
        }
        Bench again(dir.filePath("workspace"));
        QTRY_VERIFY_WITH_TIMEOUT(again.find<QLabel>("figure.roc_auc") && again.find<QLabel>("figure.roc_auc")->text().toDouble() > 0.5, 10000);
    }
};

QTEST_MAIN(TestTrainPage)
#include "tst_train_page.moc"
