#include "core/base/Task.h"

#include <QTest>

using namespace limpid;

class TestTask : public QObject
{
    Q_OBJECT
private slots:
    void partsEndWithTheWhole()
    {
        double told = -1.0;
        Task whole;
        whole.setCores(3);
        Task part(whole, [&](const Task::Progress& progress) { told = progress.fraction; });
        part.report(0.5);
        QCOMPARE(told, 0.5);
        QCOMPARE(part.cores(), 3);
        part.checkpoint();
        whole.finish();
        QVERIFY(!part.isFinishing()); // the whole keeps what it has; its part is not cut short
        whole.cancel();
        QVERIFY(part.isCancelled());
        QVERIFY_EXCEPTION_THROWN(part.checkpoint(), Cancelled);
    }

    void aPartEndsAlone()
    {
        Task whole;
        Task part(whole, {});
        part.cancel();
        QVERIFY(part.isCancelled() && !whole.isCancelled());
        part.report(1.0); // nobody listens
    }
};

QTEST_APPLESS_MAIN(TestTask)
#include "tst_task.moc"
